import { publish } from '../../io/host/files/publish.ts'
import { sha256File, statOf, within, writeDurable } from '../../io/host/files/durable.ts'
import { version } from '../../agent/build.ts'
import type { RunContext, Runner } from '../../plan/runner.ts'
import { readCurrent } from '../../release/records/records.run.ts'
import { copyName, halfCopies, manifestName } from '../catalogue/backup-name.ts'
import { readBackup, writeBackup, writeKnownManifest } from '../catalogue/catalogue.run.ts'
import { engineFor } from '../engines/table.run.ts'
import { withData } from '../lock.run.ts'
import { leadsOn, manifestText, sha256Of } from './manifest.ts'
import { localStore, type Manifest } from '../model.ts'
import { paceOf } from '../../io/pace.ts'
import { localFolder } from '../places.ts'
import { datasetNamed, settingsOf } from '../settings/settings.run.ts'
import { withStore } from '../store.run.ts'
import { pack, withWork } from '../work.run.ts'

/**
 * Takes a backup into the server's own store. The manifest is the last of its files to appear and
 * the catalogue's entry comes after it, so that a run which is killed leaves nothing that looks whole.
 */
export const runTake: Runner<'backup.take'> = (params, context) => {
  const { project, id } = params
  return withData(project, context, async () => {
    if (await readBackup(project, id)) return
    const dataset = datasetNamed(await settingsOf(project), params.dataset)
    await removeHalf(project, context)
    const takenAt = new Date(context.now()).toISOString()
    const engine = engineFor(dataset.kind)
    await withWork(project, context, async (data, room) => {
      const { rate, priority = 'low' } = dataset
      const paced = { ...data, priority, pace: paceOf(rate) }
      const contents = await engine.take(dataset, paced)
      const packed = within(room, 'copy.tar')
      context.note('packing')
      await pack(data.folder, packed, context.signal)
      const file = { bytes: (await statOf(packed))!.size, sha256: await sha256File(packed) }
      const finishedAt = new Date(context.now()).toISOString()
      const release = await readCurrent(project)
      const manifest: Manifest = {
        format: 1,
        id,
        project,
        dataset: dataset.name,
        takenAt,
        finishedAt,
        reason: params.reason,
        release,
        zarpe: version,
        file,
        contents,
      }
      const text = manifestText(manifest)
      await publish(packed, within(localFolder, copyName(project, id, false)))
      await writeDurable(within(localFolder, manifestName(project, id, false)), text)
      await writeKnownManifest(project, id, text)
      await writeBackup({
        id,
        project,
        dataset: dataset.name,
        kind: dataset.kind,
        takenAt,
        reason: params.reason,
        release,
        file,
        manifestSha256: sha256Of(text),
        summary: engine.summary(contents),
        ...leadsOn(contents),
        copies: {
          [localStore]: { state: 'stored', at: finishedAt, ...file, encrypted: false },
        },
        proof: null,
      })
    })
  })
}

/** Whoever is cut after the copy and before its manifest leaves what nobody would ever remove. */
const removeHalf = (project: string, context: RunContext) =>
  withStore(project, localStore, async (store) => {
    const year = new Date(context.now()).getUTCFullYear()
    // The project's own folder holds the log too, of which there is much.
    for (const folder of [`${project}/${year - 1}`, `${project}/${year}`]) {
      const files = await store.list(folder, context)
      for (const name of halfCopies(files.map((file) => file.name)))
        await store.remove(name, context)
    }
  })
