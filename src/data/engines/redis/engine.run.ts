import { removePath, within } from '../../../io/host/files/durable.ts'
import type { DataContext, DataEngine } from '../../engine.ts'
import type { RedisContents } from '../../held.ts'
import type { Expectation, RedisDataset } from '../../model.ts'
import { clientFailed } from '../client.run.ts'
import { inWholeFolder } from '../volume/whole.run.ts'
import { redisDifferences } from './compare.ts'
import { parseInfo, parseKeyspace } from './info.ts'
import { keptBy } from './place.run.ts'
import { isFetchedByReplica, snapshotByReplica } from './replica.run.ts'
import { expect, load, weigh } from './restore.run.ts'
import { dumpName, look, withScratch } from './scratch.run.ts'
import { ask, unmet, withLive } from './session.run.ts'

const scratchOf = (context: DataContext) => within(context.folder, 'scratch')

/** A snapshot as a replica gets it, then counted and digested in a throw-away server that has loaded it. */
const take = (dataset: RedisDataset, context: DataContext): Promise<RedisContents> =>
  withLive(dataset, context, async (door, service, followed) => {
    const told = parseInfo(await ask(door, ['INFO', 'server']))
    const version = told['redis_version'] ?? '0'
    const keyspace = async () => parseKeyspace(await ask(door, ['INFO', 'keyspace']))
    const before = await keyspace()
    const { image } = service
    if (isFetchedByReplica(told['valkey_version']))
      await snapshotByReplica({ image, databases: before, followed }, scratchOf(context), context)
    else await ask(door, ['--rdb', `/zarpe/${dumpName}`])
    const after = await keyspace()
    const kept = await keptBy(door, service)
    const source = { image, version, ...kept }
    context.note('the snapshot is there; a throw-away server counts it')
    const served = { ...source, databases: [...before, ...after] }
    const found = await withScratch(served, scratchOf(context), context, (scratch) =>
      look(scratch, version),
    )
    await removePath(scratchOf(context))
    // Expired keys that nobody has removed yet are in both; what came or went meanwhile is between the two.
    if (keysIn(found.databases) === 0 && Math.min(keysIn(before), keysIn(after)) > 0)
      throw clientFailed('redis-cli --rdb', 0, 'the snapshot holds no key, and the server does')
    return {
      kind: 'redis',
      service: dataset.service,
      ...source,
      ...(told['valkey_version'] ? { valkey: told['valkey_version'] } : {}),
      ...found,
      live: { before, after },
    }
  })

const keysIn = (databases: RedisContents['databases']) =>
  databases.reduce((sum, { keys }) => sum + keys, 0)

const prove = (
  held: RedisContents,
  expectations: Expectation[],
  context: DataContext,
): Promise<string[]> =>
  withScratch(held, scratchOf(context), context, async (door) => [
    ...redisDifferences(held, await look(door, held.version)),
    ...(await unmet(door, expectations)),
  ])

/** Redis, and what speaks its language, as a service with the programs of its own image. */
export const redis: DataEngine<RedisDataset, RedisContents> = {
  take,
  prove,
  load,
  ...inWholeFolder,
  weigh,
  expect,
  extract: null,
  summary: ({ databases }) => ({
    units: databases.length,
    unit: 'database',
    rows: keysIn(databases),
    row: 'key',
  }),
}
