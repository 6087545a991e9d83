import { within } from '../../../io/host/files/durable.ts'
import { diskSpace } from '../../../io/host/files/files.ts'
import { readPacked } from '../../../io/host/files/tree.ts'
import { type Between, chainOf, toBuildOn } from '../../backup/chain.ts'
import { copyName } from '../../catalogue/backup-name.ts'
import { readBackups } from '../../catalogue/catalogue.run.ts'
import type { DataContext } from '../../engine.ts'
import { type Backup, type ClusterDataset, localStore } from '../../model.ts'
import { localFolder } from '../../places.ts'
import { alterSystem, type LogServer } from '../../wal/server.run.ts'
import type { SqlSession } from '../postgres/session.run.ts'
import { baseName, manifestName } from './copy-names.ts'
import { roomFor } from './lay-out.run.ts'
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
  const backups = await readBackups(context.project)
  const before = toBuildOn(backups, wanted)
  if (!before) return null
  if (!(await isRoomFor(chainOf(backups, before), context))) {
    context.note('a full one: there is no room to combine it with those before')
    return null
  }
  try {
    return { id: before.id, manifest: await manifestOf(before.id, context) }
  } catch {
    context.signal.throwIfAborted()
    context.note(`a full one: the server’s own copy of ${before.id} cannot be read`)
    return null
  }
}

/** A proof unpacks all of a chain, and makes one folder of it. */
const isRoomFor = async (chain: Backup[], { folder }: DataContext): Promise<boolean> => {
  const bytes = chain.reduce((sum, { summary }) => sum + summary.rows, 0)
  return (await diskSpace(folder)).freeMb * 1024 * 1024 > bytes * 2 * roomFor
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
  const wanted = {
    ...(found?.does === 'on' ? {} : { summarize_wal: 'on' }),
    ...(isShort ? { wal_summary_keep_time: `${minutes}min` } : {}),
  }
  if (Object.keys(wanted).length > 0) await alterSystem(session, wanted)
}

/** The manifest is the last file of a copy, and is read from the server's own. */
const manifestOf = async (id: string, { project, signal }: DataContext): Promise<string> => {
  const copy = within(localFolder, copyName(project, id, false))
  const { text, said } = await readPacked(copy, { packed: baseName, name: manifestName, signal })
  if (text === '') throw notUnpacked(said)
  return text
}
