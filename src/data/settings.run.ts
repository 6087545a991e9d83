import { readText, removePath, within, writeDurable } from '../io/host/durable.ts'
import { Problem } from '../problem/problem.ts'
import { stateFolder } from '../release/records.run.ts'
import { recordKey } from '../release/seal-key.run.ts'
import { seal, unseal } from '../secrets/seal.ts'
import type { Dataset, DataSettings } from './model.ts'

const fileOf = (project: string) => within(stateFolder, project, 'data.json')

type File = { fingerprint: string; sealed: string }

const belongsTo = (project: string) => JSON.stringify(['data', project])

/** What the server was told of a project's data; null before the first time, or if its seal is lost. */
export const readSettings = async (
  project: string,
): Promise<{ fingerprint: string; settings: DataSettings } | null> => {
  const text = await readText(fileOf(project))
  if (text === null) return null
  try {
    const { fingerprint, sealed } = JSON.parse(text) as File
    const opened = unseal(await recordKey(), sealed, belongsTo(project))
    return opened === null ? null : { fingerprint, settings: JSON.parse(opened) as DataSettings }
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

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

export const writeSettings = async (settings: DataSettings, fingerprint: string) => {
  const { project } = settings
  const sealed = seal(await recordKey(), JSON.stringify(settings), belongsTo(project))
  await writeDurable(fileOf(project), `${JSON.stringify({ fingerprint, sealed } satisfies File)}\n`)
}

export const removeSettings = (project: string) => removePath(fileOf(project))
