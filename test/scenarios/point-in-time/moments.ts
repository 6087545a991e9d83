import { expect } from 'vitest'
import { inside } from '../../../src/lab/vps.ts'
import { type AgeKey, newAgeKey } from '../../lab/age.ts'
import { type CliOptions, zarpe, zarpeOk } from '../../lab/cli.ts'
import { type Project, projectFrom } from '../../lab/project.ts'
import { liveDatabase, withPostgres } from '../../lab/psql.ts'
import { readyServer } from '../../lab/server.ts'

export const server = 'moments'
export const project = 'moments-production'

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
      'keep: { local: 7d, disk: 7d }, point_in_time: { keep: 2d, full: 7d, between: incremental } }',
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

export type Base = {
  id: string
  state: string
  log: { history: string; after?: string }
  file: { bytes: number }
  copies: Record<string, unknown>
}

export const live = liveDatabase(server, `${project}_db`)

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

/** Lets what leaves the server be encrypted for Ana. */
export const encryptForAna = async (moments: Moments): Promise<AgeKey> => {
  const key = newAgeKey('ana', moments.folder)
  const more = `backups: { encrypt: true }\nsecrets: { recipients: { ana: ${key.recipient} } }\n`
  moments.write('zarpe.yml', moments.read('zarpe.yml') + more)
  await deployed(moments)
  return key
}
