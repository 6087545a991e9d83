import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { root } from '../../../scripts/bundle.ts'
import { inside } from '../../../src/lab/vps.ts'
import { type AgeKey, newAgeKey } from '../../lab/age.ts'
import { type CliOptions, zarpe, zarpeOk } from '../../lab/cli.ts'
import { type Project, projectFrom } from '../../lab/project.ts'
import { liveDatabase, withPostgres } from '../../lab/psql.ts'
import { readyServer } from '../../lab/server.ts'

export const server = 'moments'
const project = 'moments-production'

/** A folder of the server that stands for another disk. */
export const disk = '/mnt/disk'

export type Moments = Project

/** A product with a database whose every moment is wanted, released on a server of its own. */
export const releasedMoments = async (): Promise<Moments> => {
  await readyServer(server)
  await onServer('mkdir', '--parents', '--mode=700', disk)
  const moments = await projectFrom('ledger', 'moments', 'moments.example')
  await withPostgres(moments)
  moments.write('.env.production', 'DB_PASSWORD=of-all-moments-2026\n')
  const config = moments
    .read('zarpe.yml')
    .replace(
      'keep: { local: 7d } }',
      'keep: { local: 7d, disk: 7d }, point_in_time: { keep: 2d } }',
    )
  moments.write('zarpe.yml', `${config}stores: { disk: { url: "file://${disk}" } }\n`)
  await deployed(moments)
  return moments
}

export const deployed = ({ folder }: Moments) => zarpeOk(['deploy'], { folder, server })

/** A verb of `zarpe backup`, as a user calls it. */
export const backup = ({ folder }: Moments, argv: string[], more: CliOptions = {}) =>
  zarpe(['backup', ...argv], { folder, server, ...more })

export const backupOk = ({ folder }: Moments, argv: string[], more: CliOptions = {}) =>
  zarpeOk(['backup', ...argv], { folder, server, ...more })

type Archive = {
  history: string
  problem: string | null
  stores: Record<string, { through: string | null; problem: string | null }>
}

/** What `backup list` says of the archive of the log. */
export const archive = async (moments: Moments): Promise<Archive> =>
  (await backupOk(moments, ['list'])).events.find(
    ({ type }) => type === 'archive',
  ) as unknown as Archive

/** The base backups, oldest first. */
export const bases = async (moments: Moments): Promise<Base[]> =>
  (await backupOk(moments, ['list', '--dataset', 'main-base'])).events.filter(
    ({ type }) => type === 'backup',
  ) as unknown as Base[]

type Base = {
  id: string
  state: string
  log: { history: string }
  copies: Record<string, unknown>
}

const live = liveDatabase(server, `${project}_db`)

export const sql = (text: string) => live.sql(text, 'ledger')

/** What a command on the server prints. */
export const onServer = async (...argv: string[]): Promise<string> => {
  const { code, stdout, stderr } = await inside(server, argv)
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`)
  return stdout.trim()
}

/** As on a new server: nothing is known of the former one, and of its copies there is one store. */
export const loseAllBut = async (store: string) => {
  const timer = `zarpe-backup-${project}.main-base.wal`
  const known = `/var/lib/zarpe/projects/${project}`
  await onServer('systemctl', 'stop', `${timer}.timer`, `${timer}.service`)
  await onServer('rm', '-r', `${known}/backups`, `${known}/manifests`, `${known}/wal`)
  await onServer('rm', '-r', '/var/backups/zarpe')
  await sql('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots')
  expect(await onServer('ls', store)).toContain('wal')
  await onServer('systemctl', 'start', `${timer}.timer`)
}

/** The next round of the timer comes now: how long one waits for it is not what is tested. */
export const soon = () =>
  onServer('systemctl', 'start', '--no-block', `zarpe-backup-${project}.main-base.wal.service`)

/** The files of the log that goes on, as the other disk has them, in order. */
export const segmentsOnDisk = async (moments: Moments): Promise<string[]> => {
  const { history } = await archive(moments)
  const found = await onServer('find', `${disk}/wal/${project}/main-base/${history}`, '-type', 'f')
  return found.split('\n').filter(Boolean).toSorted()
}

/** Somebody who writes a row after the other, each in a transaction of its own. */
export const ticking = async () => {
  await sql(
    'CREATE TABLE ticks (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL DEFAULT clock_timestamp())',
  )
  const script =
    'rm -f /tmp/enough; while [ ! -e /tmp/enough ]; do echo "INSERT INTO ticks DEFAULT VALUES;"; sleep 0.05; done | psql --quiet --username=postgres ledger'
  const running = inside(server, ['docker', 'exec', await live.container(), 'sh', '-c', script])
  return {
    stop: async (): Promise<number> => {
      await inside(server, ['docker', 'exec', await live.container(), 'touch', '/tmp/enough'])
      await running
      return Number(await sql('SELECT count(*) FROM ticks'))
    },
  }
}

/** The commands of the page, with other names. */
const commandsOfPage = (names: Record<string, string>): string[] => {
  const page = readFileSync(join(root, 'docs', 'formats', 'backup.md'), 'utf8')
  const [, box] = /to any moment[^]*?\n```\n([^]*?)```/.exec(page)!
  const named = Object.entries(names).reduce((text, [from, to]) => text.replaceAll(from, to), box!)
  return named.split('\n').filter(Boolean)
}

/**
 * Recovers the newest base backup of the other disk to a moment with nothing of Zarpe: all but the server itself on
 * the machine, as root. Returns how many entries there are.
 */
export const recoveredByHand = async (moments: Moments, to: string): Promise<string> => {
  const { history } = await archive(moments)
  const work = '/srv/by-hand'
  const lines = commandsOfPage({
    '<store>/wal/<project>/<dataset>/<history>': `${disk}/wal/${project}/main-base/${history}`,
    '/path/to/wal': `${work}/wal`,
    '2026-01-31 10:14:50+00': to.replace('T', ' ').replace('Z', '+00'),
  })
  const [postgres] = lines.splice(-1)
  expect(postgres).toMatch(/^postgres -D data /)
  const newest = `$(find ${disk}/${project} -name 'main-base-*.tar' | sort | tail -1)`
  const script = [
    `mkdir ${work}; cd ${work}; tar -xf "${newest}"`,
    ...lines,
    // As the page says: as whoever the image runs it as.
    'chown -R 999:999 .',
  ]
  await onServer('bash', '-euc', script.join('\n'))
  const image = await onServer(
    'sh',
    '-c',
    `docker inspect -f '{{.Image}}' ${await live.container()}`,
  )
  const mount = ['--volume', `${work}:${work}`, '--workdir', work, '--network', 'none']
  try {
    await onServer(
      ...['docker', 'run', '--detach', '--name', 'by-hand', '--user', '999:999', ...mount],
      ...['--entrypoint', 'sh', image, '-c', postgres!],
    )
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

/** Lets what leaves the server be encrypted for Ana. */
export const encryptForAna = async (moments: Moments): Promise<AgeKey> => {
  const key = newAgeKey('ana', moments.folder)
  const more = `backups: { encrypt: true }\nsecrets: { recipients: { ana: ${key.recipient} } }\n`
  moments.write('zarpe.yml', moments.read('zarpe.yml') + more)
  await deployed(moments)
  return key
}
