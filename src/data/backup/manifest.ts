import { createHash } from 'node:crypto'
import { z } from 'zod'
import { datasetOfId, isBackupId } from '../catalogue/backup-name.ts'
import type { Contents } from '../held.ts'
import type { Backup, DatasetKind, Manifest } from '../model.ts'

/** Kinds of data that something here can restore. */
const datasetKinds = {
  cluster: 'cluster',
  configuration: 'configuration',
  mongodb: 'mongodb',
  mysql: 'mysql',
  postgres: 'postgres',
  rabbitmq: 'rabbitmq',
  redis: 'redis',
  volume: 'volume',
} satisfies {
  [Kind in DatasetKind]: Kind
}

/** What must be there of a manifest before anything in it is believed; the rest is the engine's. */
const form = z.object({
  format: z.literal(1),
  id: z.string(),
  project: z.string(),
  dataset: z.string(),
  takenAt: z.string(),
  finishedAt: z.string(),
  reason: z.string(),
  release: z.number().nullable(),
  file: z.object({ bytes: z.number(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  contents: z.looseObject({ kind: z.enum(datasetKinds) }),
})

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 1)}\n`

/**
 * A manifest that was read back; null if it is none, or of another backup. A store may hold anything: what
 * a manifest calls itself becomes names of files on this server.
 */
export const parseManifest = (text: string, project: string, id: string): Manifest | null => {
  try {
    const value: unknown = JSON.parse(text)
    const parsed = form.safeParse(value)
    if (!parsed.success) return null
    const { data } = parsed
    const isOfIt =
      data.id === id &&
      data.project === project &&
      data.dataset === datasetOfId(id) &&
      buildsOnOwn(data.contents['after'], data.dataset)
    return isOfIt ? (value as Manifest) : null
  } catch {
    return null
  }
}

/** What a base backup builds on is another one of its dataset; most build on none. */
const buildsOnOwn = (after: unknown, dataset: string): boolean =>
  after === undefined ||
  (typeof after === 'string' && isBackupId(after) && datasetOfId(after) === dataset)

/** The manifest that lies beside an encrypted copy, and is encrypted itself. */
export const withKey = (manifest: Manifest, key: Uint8Array): Manifest => ({
  ...manifest,
  file: { ...manifest.file, key: Buffer.from(key).toString('base64') },
})

/** A manifest as it was written on the server, and the key that an encrypted one has beside it. */
export const withoutKey = (manifest: Manifest): { manifest: Manifest; key: Uint8Array | null } => {
  const { key, ...file } = manifest.file
  return {
    manifest: { ...manifest, file },
    key: key === undefined ? null : Buffer.from(key, 'base64'),
  }
}

/** A manifest as it may leave the server: without the key of a log. */
export const disclosed = (manifest: Manifest): Manifest => {
  if (manifest.contents.kind !== 'cluster') return manifest
  const { logKey: _kept, ...contents } = manifest.contents
  return { ...manifest, contents }
}

/** What a catalogue says of a base backup beside what it says of every other. */
export const leadsOn = (contents: Contents): Pick<Backup, 'log'> =>
  contents.kind === 'cluster'
    ? {
        log: {
          history: contents.history,
          stoppedAt: contents.stoppedAt,
          ...(contents.after === undefined ? {} : { after: contents.after }),
        },
      }
    : {}

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')
