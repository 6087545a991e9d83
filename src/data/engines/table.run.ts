import { Problem } from '../../problem/problem.ts'
import type { DataEngine } from '../engine.ts'
import type { Contents } from '../held.ts'
import type { Dataset, DatasetKind } from '../model.ts'
import { cluster } from './cluster/engine.run.ts'
import { configuration } from './configuration/engine.run.ts'
import { mongodb } from './mongodb/engine.run.ts'
import { mysql } from './mysql/engine.run.ts'
import { postgres } from './postgres/engine.run.ts'
import { rabbitmq } from './rabbitmq/engine.run.ts'
import { redis } from './redis/engine.run.ts'
import { volume } from './volume/engine.run.ts'

type EngineOf<Kind extends DatasetKind> = DataEngine<
  Extract<Dataset, { kind: Kind }>,
  Extract<Contents, { kind: Kind }>
>

/** The one table of what can be backed up. A kind without its engine does not compile. */
const engines: { [Kind in DatasetKind]: EngineOf<Kind> } = {
  cluster,
  configuration,
  mongodb,
  mysql,
  postgres,
  rabbitmq,
  redis,
  volume,
}

/**
 * The engine of a kind. What it is handed must be of that kind: `engineForBoth` is for data and a backup of it,
 * which may have been of another kind when it was taken.
 */
export const engineFor = (kind: DatasetKind): DataEngine => engines[kind] as unknown as DataEngine

/** The engine for restoring a backup into live data, or a `Problem` if the two are not of one kind. */
export const engineForBoth = (dataset: Dataset, held: Contents): DataEngine => {
  if (dataset.kind === held.kind) return engineFor(dataset.kind)
  throw new Problem({
    code: 'data/other-kind',
    summary: 'This backup is of another kind of data.',
    detail: `"${dataset.name}" is ${dataset.kind} now; the backup is of ${held.kind}.`,
    fix: ['zarpe backup list    # choose one that was taken since'],
  })
}
