import { namesIn, statOf, within } from '../../../io/host/files/durable.ts'
import { runOk } from '../../../io/host/processes/process.ts'
import type { DataContext, DataEngine, Loss, Swap } from '../../engine.ts'
import type { ClusterContents } from '../../held.ts'
import type { ClusterDataset, Expectation } from '../../model.ts'
import { archiving } from '../../wal/archive.run.ts'
import { unmet } from '../postgres/rebuild.run.ts'
import { placeOf, type VolumePlace } from '../volume/place.run.ts'
import { inWholeFolder } from '../volume/whole.run.ts'
import { damageIn, databasesIn, lastCommit } from './look.run.ts'
import { refuseOtherServer } from './live.run.ts'
import { withRecovered } from './recover.run.ts'
import { take } from './take.run.ts'

/** Recovers a copy somewhere throw-away, to the moment of its end, and reads all of it. */
const prove = (
  held: ClusterContents,
  expectations: Expectation[],
  context: DataContext,
): Promise<string[]> =>
  withRecovered(held, within(context.folder, 'scratch'), 'thrown away', context, async (door) => [
    ...missing(held, await databasesIn(door)),
    ...(await damageIn(door, context)),
    ...(await unmet(door, held.database, expectations)),
  ])

/** A data folder beside the live one, recovered to the moment that is wanted. */
const load = async (
  dataset: ClusterDataset,
  held: ClusterContents,
  beside: string,
  context: DataContext,
): Promise<string[]> => {
  await refuseOtherServer(dataset, held, context)
  const place = await placeOf(held.volume, context)
  const folder = place.beside(beside)
  const differences = await withRecovered(held, folder, 'kept', context, async (door) => {
    const at = await lastCommit(door)
    context.note(at === null ? 'recovered' : `recovered; the last commit is of ${at}`)
    // What a moment after the copy's own has, nobody has counted.
    return context.origin?.to ? [] : missing(held, await databasesIn(door))
  })
  if (differences.length === 0) await likeLive(place, folder, held, context)
  return differences
}

const chownLimitMs = 30_000

/** The folders around the data are given to whoever they belong to in the live volume. */
const likeLive = async (
  { live }: VolumePlace,
  folder: string,
  { below }: ClusterContents,
  context: DataContext,
) => {
  const options = { limitMs: chownLimitMs, signal: context.signal }
  const [first, ...deeper] = below.split('/')
  // The data folder itself has its owner and rights from the copy, unless it is the volume.
  const around =
    below === ''
      ? ['']
      : ['', ...deeper.map((_name, at) => [first, ...deeper].slice(0, at + 1).join('/'))]
  for (const path of around) {
    if (!(await statOf(within(live, path)))) continue
    const argv = [`--reference=${within(live, path)}`, '--', within(folder, path)]
    await runOk('chown', argv, options)
    await runOk('chmod', argv, options)
  }
  const others = below === '' ? [] : (await namesIn(live)).filter((name) => name !== first)
  if (others.length > 0)
    context.note(
      `what else is in the volume is put aside with the data: ${others.slice(0, 5).join(', ')}`,
    )
}

/** Nobody looks for the log of the one server in the folder of the other meanwhile. */
const swap = (
  dataset: ClusterDataset,
  names: Swap & { beside: string },
  context: DataContext,
): Promise<void> =>
  archiving(context.project, dataset.name, context, () =>
    inWholeFolder.swap(dataset, names, context),
  )

const missing = ({ databases }: ClusterContents, found: string[]): string[] =>
  databases.filter((name) => !found.includes(name)).map((name) => `database ${name} is missing`)

const everything: Loss = {
  what: 'every database of the server',
  rowsNow: 0,
  rowsThen: 0,
  words: 'goes back to that moment; what is live now is put aside as a whole',
}

/** A PostgreSQL service as a whole, by its own programs: base backups, and the log that leads on from them. */
export const cluster: DataEngine<ClusterDataset, ClusterContents> = {
  take,
  prove,
  load,
  ...inWholeFolder,
  swap,
  weigh: () => Promise.resolve([everything]),
  // The dataset that it belongs to asks the live data already.
  expect: () => Promise.resolve([]),
  extract: null,
  summary: ({ databases, bytes }) => ({
    units: databases.length,
    unit: 'database',
    rows: bytes,
    row: 'byte',
  }),
}
