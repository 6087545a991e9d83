import type { DataEngine } from '../engine.ts'
import type { DatasetKind } from '../model.ts'
import { postgres } from './postgres/engine.run.ts'

/** The one table of what can be backed up. */
const engines: Record<DatasetKind, DataEngine> = { postgres }

export const engineFor = (kind: DatasetKind): DataEngine => engines[kind]
