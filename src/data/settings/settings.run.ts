import { Problem } from '../../problem/problem.ts'
import { sealedFile } from '../../release/records/sealed-file.run.ts'
import type { Dataset, DataSettings } from '../model.ts'

const file = sealedFile<DataSettings>('data')

/** What the server was told of a project's data; null before the first time, or if its seal is lost. */
export const readSettings = file.read

/** As `readSettings`, for what cannot be done without. */
export const settingsOf = async (project: string): Promise<DataSettings> => {
  const found = await readSettings(project)
  if (found) return found.settings
  throw new Problem({
    code: 'data/not-configured',
    summary: 'The server does not know what to back up.',
    detail: `No settings of ${project}'s data are on it.`,
    fix: ['Name the database in zarpe.yml under `databases`.', 'zarpe deploy'],
  })
}

export const datasetNamed = (settings: DataSettings, name: string): Dataset => {
  const found = settings.datasets.find((dataset) => dataset.name === name)
  if (found) return found
  throw new Problem({
    code: 'data/no-such-dataset',
    summary: 'There is no such dataset.',
    detail: `"${name}" is none of those the server knows: ${settings.datasets.map((each) => each.name).join(', ') || 'none'}.`,
    fix: ['zarpe backup list'],
  })
}

export const writeSettings = (settings: DataSettings, fingerprint: string) =>
  file.write(settings.project, settings, fingerprint)

export const removeSettings = file.remove
