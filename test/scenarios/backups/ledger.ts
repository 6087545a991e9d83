import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { root } from '../../../scripts/bundle.ts'
import { inside } from '../../../src/lab/vps.ts'
import { type CliOptions, problemIn, zarpe, zarpeOk } from '../../lab/cli.ts'
import { type Project, projectFrom } from '../../lab/project.ts'
import { liveDatabase, postgresVersion, withPostgres } from '../../lab/psql.ts'
import { readyServer } from '../../lab/server.ts'

export const server = 'backups'
export const project = 'ledger-production'

/** A product with a database, released on a server of its own. */
export const releasedLedger = async (): Promise<Project> => {
  await readyServer(server)
  const ledger = await projectFrom('ledger', 'ledger', 'ledger.example')
  ledger.write('.env.production', 'DB_PASSWORD=\'a:pass\\word with "signs" of 2026\'\n')
  await withPostgres(ledger)
  // A program that keeps files, as most do: what migrates the database is updated in place then.
  const compose = ledger.read('compose.yml')
  const keeping = compose.replace('    build: .\n', '    build: .\n    volumes: [files:/files]\n')
  ledger.write('compose.yml', `${keeping}  files:\n`)
  await deployed(ledger)
  return ledger
}

export const deployed = (ledger: Project, more: string[] = []) =>
  zarpeOk(['deploy', ...more], { folder: ledger.folder, server })

/** A verb of `zarpe backup`, as a user calls it. */
export const backup = (ledger: Project, argv: string[], more: CliOptions = {}) =>
  zarpe(['backup', ...argv], { folder: ledger.folder, server, ...more })

export const backupOk = (ledger: Project, argv: string[], more: CliOptions = {}) =>
  zarpeOk(['backup', ...argv], { folder: ledger.folder, server, ...more })

export type Listed = {
  id: string
  state: string
  reason: string
  file: { bytes: number }
  summary: { units: number; rows: number }
  proof: { outcome: string; differences: string[] } | null
  copies: Record<string, { state: string; problem?: string }>
}

/** Every backup that the server knows, oldest first. */
export const listed = async (ledger: Project): Promise<Listed[]> =>
  (await backupOk(ledger, ['list'])).events.filter(
    ({ type }) => type === 'backup',
  ) as unknown as Listed[]

export const newest = async (ledger: Project): Promise<Listed> => (await listed(ledger)).at(-1)!

const live = liveDatabase(server, `${project}_db`)

/** Runs SQL in the live server, past everything that is tested. */
export const sql = (text: string, database = 'ledger') => live.sql(text, database)

export const databaseContainer = live.container

/** Everything that a naive backup gets wrong; returns in how many tables. */
export const fillHostile = async (): Promise<number> => {
  const fixture = (name: string) =>
    readFileSync(join(root, 'test', 'fixtures', 'ledger', name), 'utf8')
  await sql(fixture('hostile.sql'))
  if (postgresVersion < 18) return 17
  await sql(fixture('hostile-18.sql'))
  return 31
}

/** For what runs by itself, as a long run: until then there is only the product's own table. */
export const hostileThere = async (): Promise<void> => {
  if ((await sql(`SELECT to_regclass('public.events') IS NULL`)) === 't') await fillHostile()
}

/** What a shell command on the server prints. */
export const onServer = async (...argv: string[]): Promise<string> => {
  const { code, stdout, stderr } = await inside(server, argv)
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`)
  return stdout.trim()
}

/** The path of a backup's own copy on the server. */
export const copyOf = (id: string): string => {
  const [, year, month, day] = /-(\d{4})(\d{2})(\d{2})T/.exec(id)!
  return `/var/backups/zarpe/${project}/${year}/${month}/${day}/${id}`
}

/** Four clients that change rows without pause until `stop`; returns how many transactions they made. */
export const startWriters = async () => {
  const container = await databaseContainer()
  const script = [
    '\\set account random(1, 1000)',
    '\\set cents random(-5000, 5000)',
    "INSERT INTO entries (account, cents) VALUES ('account ' || :account, :cents);",
    'UPDATE entries SET cents = cents + 1 WHERE id = (SELECT max(id) - :account FROM entries);',
    'DELETE FROM entries WHERE id = (SELECT min(id) FROM entries WHERE cents < 0);',
  ].join('\n')
  const write = ['docker', 'exec', '--interactive', container, 'sh', '-c', 'cat > /tmp/write.sql']
  await inside(server, write, { input: script })
  const running = inside(server, [
    ...['docker', 'exec', container, 'pgbench', '--no-vacuum', '--client=4', '--time=3600'],
    ...['--file=/tmp/write.sql', '--username=postgres', 'ledger'],
  ])
  return {
    stop: async (): Promise<number> => {
      await inside(server, ['docker', 'exec', container, 'pkill', '-INT', 'pgbench'])
      await running
      return Number(await sql('SELECT coalesce(max(id), 0) FROM entries'))
    },
  }
}

/** Runs a verb of `zarpe backup` and kills the server's agent in the middle of it. */
export const backupCut = async (ledger: Project, argv: string[], afterMs: number) => {
  const running = backup(ledger, argv)
  await sleep(afterMs)
  const { stdout } = await inside(server, ['pgrep', '--full', 'zarpe.mjs agent'])
  const processes = stdout.split('\n').filter(Boolean)
  if (processes.length > 0) await inside(server, ['kill', '-KILL', ...processes])
  return running
}

/** What must hold of the live data whatever was cut: it is there, can be reached, and is what it was. */
export const liveDigest = () =>
  sql(
    'SELECT count(*), sum(hash_record_extended(e, 0)::numeric) FROM public.entries e; SELECT count(*) FROM public.events',
  )

/** What a run must not leave behind: containers, databases, files of work. */
export const leftovers = async (): Promise<string[]> => {
  const containers = await onServer(
    ...['docker', 'ps', '--all', '--format', '{{.Names}}', '--filter', 'label=zarpe.role=data'],
  )
  const databases = await sql("SELECT datname FROM pg_database WHERE datname LIKE 'ledger\\_new%'")
  const work = await onServer('find', '/var/backups/zarpe/.work', '-type', 'f')
  return [containers, databases, work].filter(Boolean)
}

/** Whatever does not count as proven yet can be proven: no backup looks whole and is not. */
export const expectNoneHalf = async (ledger: Project) => {
  for (const { id, state } of await listed(ledger)) {
    if (state === 'proven') continue
    const result = await backup(ledger, ['verify', id])
    expect(result.code, JSON.stringify(problemIn(result))).toBe(0)
  }
}

/** Removes everything that restores have put aside. */
export const discardAsides = async (ledger: Project) => {
  const { events } = await backupOk(ledger, ['asides'])
  for (const { name } of events.filter(({ type }) => type === 'aside'))
    await backupOk(ledger, ['discard', String(name)])
}
