import { removePath, within } from '../../../io/host/files/durable.ts'
import { compressFile } from '../../../io/host/files/tree.ts'
import type { DataContext, DataEngine } from '../../engine.ts'
import type { MongodbContents } from '../../held.ts'
import type { Expectation, MongodbDataset } from '../../model.ts'
import { clientFailed, runClient } from '../client.run.ts'
import { volumeAt } from '../mounted.ts'
import { heldTo } from '../rate.run.ts'
import { inWholeFolder } from '../volume/whole.run.ts'
import { type Estimate, lostIn, mongodbDifferences } from './compare.ts'
import { dataFolder, dumpArgv } from './connection.ts'
import { expect, load, weigh } from './restore.run.ts'
import { dumpName, look, withRestored } from './scratch.run.ts'
import { ask, type MongodbDoor, unmet, withLive } from './session.run.ts'

const scratchOf = (context: DataContext) => within(context.folder, 'scratch')
const plainName = 'dump.archive'

/**
 * Dumps the whole server, and has a throw-away one restore and count it: to digest a live collection would hold its
 * writers.
 */
const take = (dataset: MongodbDataset, context: DataContext): Promise<MongodbContents> =>
  withLive(dataset, context, async (door, service) => {
    const { version, replicaSet } = await ask<Pick<MongodbContents, 'version' | 'replicaSet'>>(
      door,
      { ask: 'hello' },
    )
    const source = { image: service.image, args: service.args, replicaSet }
    const before = await estimates(door)
    const { engine, note } = context
    const { container } = door.client
    await heldTo(dataset.rate, { engine, container, note }, () =>
      runClient(door.client, dumpArgv(door.where, plainName, replicaSet !== null)),
    )
    const after = await estimates(door)
    const plain = within(context.folder, plainName)
    await compressFile(plain, within(context.folder, dumpName), context.signal)
    await removePath(plain)
    const found = await withRestored(source, scratchOf(context), context, look)
    await removePath(scratchOf(context))
    const lost = lostIn(found, before, after)
    if (lost.length > 0) throw clientFailed('mongodump', 0, lost.join('\n'))
    const volume = volumeAt(service.mounts, dataFolder)
    return { kind: 'mongodb', service: dataset.service, version, ...source, volume, ...found }
  })

const estimates = (door: MongodbDoor) => ask<Estimate[]>(door, { ask: 'estimates' })

const prove = (
  held: MongodbContents,
  expectations: Expectation[],
  context: DataContext,
): Promise<string[]> =>
  withRestored(held, scratchOf(context), context, async (door) => [
    ...mongodbDifferences(held, await look(door)),
    ...(await unmet(door, expectations)),
  ])

/** MongoDB as a service, with the programs of its own image. Written to their documentation: never run against one. */
export const mongodb: DataEngine<MongodbDataset, MongodbContents> = {
  take,
  prove,
  load,
  ...inWholeFolder,
  weigh,
  expect,
  extract: null,
  summary: ({ collections }) => ({
    units: collections.length,
    unit: 'collection',
    rows: collections.reduce((sum, { documents }) => sum + documents, 0),
    row: 'document',
  }),
}
