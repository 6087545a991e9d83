import { Problem } from '../../../problem/problem.ts'
import type { DataContext, Loss } from '../../engine.ts'
import type { MongodbContents } from '../../held.ts'
import type { Expectation, MongodbDataset } from '../../model.ts'
import { requiredVolume, volumeAt } from '../mounted.ts'
import { liveService } from '../service.run.ts'
import { keyOf } from '../tables.ts'
import { ownAs, placeOf, refuseOther } from '../volume/place.run.ts'
import { mongodbDifferences } from './compare.ts'
import { dataFolder } from './connection.ts'
import { look, shutDown, withRestored } from './scratch.run.ts'
import { ask, countsOf, unmet, withLive } from './session.run.ts'

/** A whole data folder beside the live one, made by a server that has restored the dump and was compared. */
export const load = async (
  { service: name }: MongodbDataset,
  held: MongodbContents,
  beside: string,
  context: DataContext,
): Promise<string[]> => {
  const service = await liveService(context, name)
  if (held.replicaSet !== null || service.args.some((each) => /^--replSet(=|$)/.test(each)))
    throw ofReplicaSet(name)
  const volume = requiredVolume(volumeAt(service.mounts, dataFolder), name, dataFolder)
  refuseOther(held.volume, volume)
  const place = await placeOf(volume, context)
  const folder = place.beside(beside)
  const source = { image: service.image, args: service.args, replicaSet: null }
  const differences = await withRestored(source, folder, context, async (door) => {
    const lines = mongodbDifferences(held, await look(door))
    if (lines.length === 0) await shutDown(door)
    return lines
  })
  if (differences.length === 0) await ownAs(place.live, folder, context)
  return differences
}

/** Documents now and then, collection by collection. */
export const weigh = (
  dataset: MongodbDataset,
  held: MongodbContents,
  context: DataContext,
): Promise<Loss[]> =>
  withLive(dataset, context, async (door) => {
    const now = await ask<{ database: string; name: string }[]>(door, { ask: 'estimates' })
    const keyed = [...held.collections.filter(({ type }) => type !== 'view'), ...now].map(
      ({ database, name }) => [keyOf({ schema: database, name }), { database, name }] as const,
    )
    const all = [...new Map(keyed).values()]
    const counts = await countsOf(door, all)
    return all.map(({ database, name }, index) => ({
      what: `${database}.${name}`,
      rowsNow: counts[index] ?? 0,
      rowsThen:
        held.collections.find((each) => each.database === database && each.name === name)
          ?.documents ?? 0,
      row: 'document',
    }))
  })

export const expect = (
  dataset: MongodbDataset,
  expectations: Expectation[],
  context: DataContext,
): Promise<string[]> => withLive(dataset, context, (door) => unmet(door, expectations))

const ofReplicaSet = (service: string) =>
  new Problem({
    code: 'data/replica-set',
    summary: 'The folder of a replica set cannot be made anew beside the live one.',
    detail: `"${service}" is a member of one, and knows the others by what only the live folder has.`,
    fix: [
      'Bring it back into the live server with mongorestore: docs/formats/backup.md, "By hand"',
    ],
  })
