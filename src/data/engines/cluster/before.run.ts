import { readText, removePath, within, writeDurable } from '../../../io/host/durable.ts'
import { makeFolder } from '../../../io/host/files.ts'
import { unpackTree } from '../../../io/host/tree.ts'
import { copyName } from '../../catalogue/backup-name.ts'
import { readBackups } from '../../catalogue/catalogue.run.ts'
import { type Between, toBuildOn } from '../../backup/chain.ts'
import type { DataContext } from '../../engine.ts'
import { type ClusterDataset, localStore } from '../../model.ts'
import { localFolder } from '../../places.ts'
import { unpack } from '../../work.run.ts'
import type { LogServer } from '../../wal/server.run.ts'
import type { SqlSession } from '../postgres/session.run.ts'
import { baseName, manifestName } from './copy-names.ts'
import { notUnpacked } from './problems.ts'

/** A base backup that the next one builds on. `manifest`: PostgreSQL's own, by which it knows what has changed since. */
export type Before = { id: string; manifest: string }

/** `server_version_num` of the first server that tells what has changed since a base backup. */
const firstVersion = 170_000

/** What the next base backup builds on; null if it is to be a full one. */
export const baseBefore = async (
  dataset: ClusterDataset,
  history: string,
  { session, version }: Pick<LogServer, 'session' | 'version'>,
  context: DataContext,
): Promise<Before | null> => {
  const { between, keep, name } = dataset
  if (!between) return null
  if (version < firstVersion) {
    context.note('a full one: this server is older than PostgreSQL 17')
    return null
  }
  await summarize(session, between)
  const stores = [...new Set([localStore, ...Object.keys(keep)])]
  const wanted = { ...between, dataset: name, history, stores, now: context.now() }
  const before = toBuildOn(await readBackups(context.project), wanted)
  return before && { id: before.id, manifest: await manifestOf(before.id, context) }
}

/** Beyond the age of a full one, for a base backup that comes late. */
const spareMs = 2 * 24 * 3_600_000

/**
 * The server notes what each part of its log has changed. Whoever has turned that on himself, and keeps the notes for
 * long enough, is left alone.
 */
const summarize = async (session: SqlSession, { fullEveryMs }: Between) => {
  const setting = (name: string) =>
    `(SELECT setting FROM pg_catalog.pg_settings WHERE name = '${name}')`
  const [found] = await session.rows<{ does: string; minutes: number }>(
    `SELECT ${setting('summarize_wal')} AS does, ${setting('wal_summary_keep_time')}::int AS minutes`,
  )
  const minutes = Math.ceil((fullEveryMs + spareMs) / 60_000)
  // 0 is for ever.
  const isShort = found !== undefined && found.minutes > 0 && found.minutes < minutes
  if (found?.does !== 'on') await session.run('ALTER SYSTEM SET summarize_wal = on')
  if (isShort) await session.run(`ALTER SYSTEM SET wal_summary_keep_time = '${minutes}min'`)
  if (found?.does !== 'on' || isShort) await session.run('SELECT pg_catalog.pg_reload_conf()')
}

/** The manifest is the last file of a copy, and is read from the server's own. */
const manifestOf = async (
  id: string,
  { project, folder, signal }: DataContext,
): Promise<string> => {
  const room = within(folder, 'before')
  await makeFolder(room, { mode: 0o700 })
  const names = within(room, 'names')
  await writeDurable(names, `${manifestName}\0`)
  await unpack(within(localFolder, copyName(project, id, false)), room, signal, [baseName])
  const { said } = await unpackTree({ from: within(room, baseName), folder: room, signal, names })
  const manifest = await readText(within(room, manifestName))
  // The folder becomes the copy.
  await removePath(room)
  if (manifest === null) throw notUnpacked(said)
  return manifest
}
