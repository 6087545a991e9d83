import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { root } from '../../../scripts/bundle.ts'
import { inside } from '../../../src/lab/vps.ts'
import { type Base, disk, live, onServer, project, server } from './moments.ts'

const work = '/srv/by-hand'

/** The commands that docs/formats/backup.md has after a sentence, with other names. */
const commandsAfter = (sentence: RegExp, names: Record<string, string>): string[] => {
  const page = readFileSync(join(root, 'docs', 'formats', 'backup.md'), 'utf8')
  const [, box] = new RegExp(`${sentence.source}[^]*?\\n\`\`\`\\n([^]*?)\`\`\``).exec(page)!
  const named = Object.entries(names).reduce((text, [from, to]) => text.replaceAll(from, to), box!)
  return named.split('\n').filter(Boolean)
}

/** A shell's lines on the server's machine, or in a container of the database's image, as whoever that runs as. */
const byHand = async (lines: string[]) => {
  await onServer('bash', '-euc', [`cd ${work}`, ...lines].join('\n'))
}

const inImage = async (line: string, ...more: string[]) => {
  const asked = `docker inspect -f '{{.Image}}' ${await live.container()}`
  const image = await onServer('sh', '-c', asked)
  const mount = ['--volume', `${work}:${work}`, '--workdir', work, '--network', 'none']
  const how = ['--user', '999:999', ...mount, ...more, '--entrypoint', 'sh']
  await onServer('docker', 'run', ...how, image, '-c', line)
}

/**
 * Recovers a base backup of the other disk, a full one or one that builds on a full one, to a moment with nothing of Zarpe:
 * all but PostgreSQL's own programs on the machine, as root. Returns how many entries there are then.
 */
export const recoveredByHand = async (
  { id, log: { after, history } }: Base,
  to: string,
): Promise<string> => {
  const copyOf = (name: string) => `"$(find ${disk}/${project} -name '${name}.tar')"`
  const lines = commandsAfter(/to any moment/, {
    '<store>/wal/<project>/<dataset>/<history>': `${disk}/wal/${project}/main-base/${history}`,
    '/path/to/wal': `${work}/wal`,
    '2026-01-31 10:14:50+00': to.replace('T', ' ').replace('Z', '+00'),
  })
  const [postgres] = lines.splice(-1)
  expect(postgres).toMatch(/^postgres -D data /)
  await onServer('mkdir', '--parents', `${work}/before`)
  try {
    await byHand([`tar -xf ${copyOf(id)}`])
    if (after === undefined) await byHand([...lines, 'chown -R 999:999 .'])
    else {
      const [folders, unpack, ...others] = lines
      expect(unpack).toMatch(/--directory=data$/)
      const changed = commandsAfter(/Of one that has `after`/, { '<full one>': 'before' })
      const [combine] = changed.splice(-1)
      const before = `tar -xf ${copyOf(after)} -C before`
      await byHand([before, folders!, ...changed, 'chown -R 999:999 .'])
      await inImage(combine!, '--rm')
      await byHand([...others, 'chown -R 999:999 .'])
    }
    await inImage(postgres!, '--detach', '--name', 'by-hand')
    const client = ['docker', 'exec', 'by-hand', 'psql', '--username=postgres', 'ledger', '-Atc']
    const recovering = async () =>
      (await inside(server, [...client, 'SELECT pg_is_in_recovery()'])).stdout.trim()
    await expect.poll(recovering, { timeout: 60_000, interval: 500 }).toBe('f')
    return await onServer(...client, 'SELECT count(*) FROM entries')
  } finally {
    await inside(server, ['docker', 'rm', '--force', 'by-hand'])
    await onServer('rm', '-r', work)
  }
}
