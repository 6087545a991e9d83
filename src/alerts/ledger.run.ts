import { readText, removePath, within, writeDurable } from '../io/host/durable.ts'
import { stateFolder } from '../release/records.run.ts'
import { emptyLedger, type Ledger } from './model.ts'

const fileOf = (project: string) => within(stateFolder, project, 'alerts-told.json')

/** What has been told; of a file that is lost or damaged nothing is known, and all of it is told again. */
export const readLedger = async (project: string): Promise<Ledger> => {
  const text = await readText(fileOf(project))
  try {
    return text === null ? emptyLedger : (JSON.parse(text) as Ledger)
  } catch {
    return emptyLedger
  }
}

export const writeLedger = (project: string, ledger: Ledger) =>
  writeDurable(fileOf(project), `${JSON.stringify(ledger, null, 2)}\n`)

export const removeLedger = (project: string) => removePath(fileOf(project))
