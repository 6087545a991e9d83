import { readText, statOf, within } from '../../io/host/files/durable.ts'
import type { Engine } from '../../io/engine/engine.ts'
import { copyName, manifestName } from './backup-name.ts'
import { configuredOf } from '../wanted/configured.ts'
import { readAsides, readBackups, readKnownManifest } from './catalogue.run.ts'
import { backupNamed, damaged } from '../backup/copy.run.ts'
import type { Loss } from '../engine.ts'
import { inspectRuns } from '../health/runs.inspect.ts'
import { engineFor, engineForBoth } from '../engines/table.run.ts'
import { withData } from '../lock.run.ts'
import { manifestText, parseManifest, sha256Of } from '../backup/manifest.ts'
import { localStore, type Manifest, type ObservedData } from '../model.ts'
import { localFolder } from '../places.ts'
import { readReplaced } from '../provision/replaced.run.ts'
import type { RestoreNames } from '../restore/restore.plan.ts'
import { readingContext } from '../extract/reading.run.ts'
import { datasetNamed, readSettings, settingsOf } from '../settings/settings.run.ts'
import { readArchives } from '../wal/state.run.ts'
import { unpack, withWork } from '../work.run.ts'

/** Reads what a server knows of a project's data, at one moment. */
export const inspectData = async (project: string): Promise<ObservedData> => {
  const [settings, backups, asides, archives, replaced, runs] = await Promise.all([
    readSettings(project),
    readBackups(project),
    readAsides(project),
    readArchives(project),
    readReplaced(project),
    inspectRuns(project),
  ])
  return {
    project,
    settings: settings?.fingerprint ?? null,
    configuredAt: settings?.writtenAt ?? null,
    configured: settings ? configuredOf(settings.settings) : null,
    backups,
    asides,
    archives,
    replaced: replaced.map(({ dataset, role, release }) => ({ dataset, role, release })),
    runs,
    now: new Date().toISOString(),
  }
}

/** What a backup holds, as the server knows it: from its own store, or as it was found in another. */
export const readManifest = async (project: string, id: string): Promise<Manifest> => {
  const { manifestSha256 } = await backupNamed(project, id)
  const own = await readText(within(localFolder, manifestName(project, id, false)))
  for (const text of [own, await readKnownManifest(project, id)]) {
    const manifest = text === null ? null : parseManifest(text, project, id)
    if (manifest && sha256Of(manifestText(manifest)) === manifestSha256) return manifest
  }
  throw damaged(id, localStore, 'its manifest is not there or cannot be read')
}

/** What a restore of a backup calls what it makes and what it replaces. */
export const namesFor = async (project: string, id: string): Promise<RestoreNames> => {
  const { contents } = await readManifest(project, id)
  return engineFor(contents.kind).names(contents, new Date().toISOString())
}

const weighLimitMs = 10 * 60_000

/** Counts the live tables beside those of a backup. */
export const weigh = async (engine: Engine, project: string, id: string): Promise<Loss[]> => {
  const manifest = await readManifest(project, id)
  const dataset = datasetNamed(await settingsOf(project), manifest.dataset)
  const context = readingContext(engine, AbortSignal.timeout(weighLimitMs))
  return withData(project, context, () =>
    withWork(project, context, async (data) => {
      const weigher = engineForBoth(dataset, manifest.contents)
      const copy = within(localFolder, copyName(project, id, false))
      if (weigher.weighsBy.length > 0 && (await statOf(copy)))
        await unpack(copy, data.folder, data.signal, weigher.weighsBy).catch(() => {
          throw damaged(id, localStore, 'its list cannot be read')
        })
      return weigher.weigh(dataset, manifest.contents, data)
    }),
  )
}
