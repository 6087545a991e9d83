import { within } from '../io/host/files/durable.ts'
import { forget, recall, remember } from '../io/host/files/remembered.ts'
import { stateFolder } from '../release/places.ts'
import { parseLedger } from './ledger.ts'
import { emptyLedger, type Ledger } from './model.ts'

const fileOf = (project: string) => within(stateFolder, project, 'alerts-told.json')

/** What has been told; of a file that is lost or damaged nothing is known, and all of it is told again. */
export const readLedger = async (project: string): Promise<Ledger> => {
  const text = await recall(fileOf(project))
  return text === null ? emptyLedger : parseLedger(text)
}

export const writeLedger = (project: string, ledger: Ledger) =>
  remember(fileOf(project), `${JSON.stringify(ledger, null, 2)}\n`)

export const removeLedger = (project: string) => forget(fileOf(project))
