import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { root } from '../../../scripts/bundle.ts'
import { dockerOk } from '../../../src/lab/docker.ts'
import { inside } from '../../../src/lab/vps.ts'
import { onServer, server } from './ledger.ts'

// A restore with nothing of Zarpe: the commands of docs/formats/backup.md as they stand, with other names.

type Counted = { schema: string; name: string; rows: number }
type Held = { file: { sha256: string }; contents: { image: string; tables: Counted[] } }

/** The commands of the page, without what they explain. */
const commands = (): string[] => {
  const page = readFileSync(join(root, 'docs', 'formats', 'backup.md'), 'utf8')
  const [, box] = /## By hand\n\n```\n([^]*?)```/.exec(page)!
  return box!
    .split('\n')
    .map((line) => line.replace(/ {2,}#.*/, ''))
    .filter(Boolean)
}

const onLaptop = new Set(['age', 'sha256sum', 'tar'])
const container = 'by-hand'

/**
 * Decrypts and unpacks an encrypted copy of the server on the laptop, restores it into a new server of
 * PostgreSQL, and counts every table that the manifest names.
 */
export const restoreByHand = async (copy: string, keyFile: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'zarpe-by-hand-'))
  try {
    const id = copy.split('/').at(-1)!.replace('.tar.age', '')
    for (const end of ['.tar.age', '.json.age'])
      await dockerOk(['cp', `${server}:${copy.replace('.tar.age', end)}`, join(folder, id + end)])
    writeFileSync(join(folder, 'key.txt'), readFileSync(keyFile), { mode: 0o600 })
    const named = commands().map((line) =>
      line.replaceAll('main-20260131T030000Z', id).replaceAll('shop', 'ledger'),
    )
    const here = named.filter((line) => onLaptop.has(line.split(' ')[0]!))
    const there = named.filter((line) => !here.includes(line))
    expect([here.length, there.length]).toEqual([4, 3])
    const said = here.map((line) => execFileSync('sh', ['-c', line], { cwd: folder }).toString())
    const held = JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')) as Held
    expect(said.join('')).toContain(held.file.sha256)
    return await restoredElsewhere(folder, held, there)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const restoredElsewhere = async (folder: string, held: Held, lines: string[]) => {
  await onServer('mkdir', '--mode=755', '/root/by-hand')
  try {
    for (const name of ['dump', 'globals.sql'])
      await dockerOk(['cp', join(folder, name), `${server}:/root/by-hand/${name}`])
    await onServer('chmod', '-R', 'a+rX', '/root/by-hand')
    const mount = ['--volume', '/root/by-hand:/by-hand:ro', '--workdir', '/by-hand']
    const password = ['--env', 'POSTGRES_PASSWORD=by-hand', '--network', 'none']
    const name = ['--detach', '--rm', '--name', container]
    await onServer('docker', 'run', ...name, ...password, ...mount, held.contents.image)
    await expect.poll(isReady, { timeout: 60_000, interval: 500 }).toBe(true)
    for (const line of lines) await asPostgres(line)
    return { counted: await counts(held.contents.tables), held: held.contents.tables }
  } finally {
    await inside(server, ['docker', 'rm', '--force', '--volumes', container])
    await inside(server, ['rm', '-r', '/root/by-hand'])
  }
}

/** The entry point starts a server of its own first, which listens nowhere but on the socket. */
const isReady = async () => {
  const argv = ['docker', 'exec', container, 'pg_isready', '--host=127.0.0.1', '--quiet']
  return (await inside(server, argv)).code === 0
}

const asPostgres = (line: string, input = '') =>
  inside(server, ['docker', 'exec', '-i', '--user=postgres', container, 'sh', '-c', line], {
    input,
    limitMs: 120_000,
  }).then(({ code, stdout, stderr }) => {
    if (code !== 0) throw new Error(`${line}: ${stderr}`)
    return stdout
  })

const counts = async (tables: Counted[]): Promise<Counted[]> => {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  const sql = tables
    .map(({ schema, name }) => `SELECT count(*) FROM ONLY ${quoted(schema)}.${quoted(name)};`)
    .join('\n')
  const out = await asPostgres('psql -d ledger --no-align --tuples-only', sql)
  const rows = out.split('\n').filter(Boolean).map(Number)
  return tables.map(({ schema, name }, index) => ({ schema, name, rows: rows[index]! }))
}
