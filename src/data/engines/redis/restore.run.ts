import { namesIn, within } from '../../../io/host/files/durable.ts'
import { runOk } from '../../../io/host/processes/process.ts'
import type { DataContext, Loss } from '../../engine.ts'
import type { RedisContents } from '../../held.ts'
import type { Expectation, RedisDataset } from '../../model.ts'
import { ownAs, placeOf, refuseOther } from '../volume/place.run.ts'
import { redisDifferences } from './compare.ts'
import { parseInfo, parseKeyspace } from './info.ts'
import { keptBy, volumeOf } from './place.run.ts'
import { look, withScratch, writeAppendOnly } from './scratch.run.ts'
import { ask, unmet, withLive } from './session.run.ts'

const limitMs = 60 * 60_000

/** A whole data folder beside the live one, made by a server that has loaded the copy and was compared. */
export const load = (
  dataset: RedisDataset,
  held: RedisContents,
  beside: string,
  context: DataContext,
): Promise<string[]> =>
  withLive(dataset, context, async (live, service) => {
    const kept = { service: dataset.service, ...(await keptBy(live, service)) }
    const volume = volumeOf(kept)
    refuseOther(held.volume, volume)
    const place = await placeOf(volume, context)
    const folder = place.beside(beside)
    const { databases } = held
    // The server that loads it is of the live one's version, by now another than the copy's.
    const version = parseInfo(await ask(live, ['INFO', 'server']))['redis_version'] ?? held.version
    const source = { image: service.image, version, databases, files: kept.files }
    const differences = await withScratch(source, folder, context, async (door) => {
      const lines = redisDifferences(held, await look(door, held.version))
      // A server that appends begins from its append-only file, and does not look at the dump.
      if (lines.length === 0 && kept.files.isAppending) await writeAppendOnly(door, context)
      return lines
    })
    if (differences.length > 0) return differences
    await takeAlong(place.live, folder, kept.files, context)
    await ownAs(place.live, folder, context)
    return []
  })

/** What else is in the folder, such as a file of users, goes with it. */
const takeAlong = async (
  from: string,
  to: string,
  files: RedisContents['files'],
  { signal }: DataContext,
) => {
  const own = new Set([files.dump, files.append, files.appendFolder])
  const others = (await namesIn(from)).filter(
    (name) => !own.has(name) && !/^temp-.*\.(rdb|aof)$/.test(name),
  )
  for (const name of others)
    await runOk('cp', ['--archive', '--', within(from, name), to], { limitMs, signal })
}

/** Keys now and then, database by database. */
export const weigh = (
  dataset: RedisDataset,
  held: RedisContents,
  context: DataContext,
): Promise<Loss[]> =>
  withLive(dataset, context, async (door) => {
    const now = parseKeyspace(await ask(door, ['INFO', 'keyspace']))
    const numbers = new Set([...now, ...held.databases].map(({ number }) => number))
    const keys = (databases: RedisContents['databases'], number: number) =>
      databases.find((each) => each.number === number)?.keys ?? 0
    return [...numbers].map((number) => ({
      what: `database ${number}`,
      rowsNow: keys(now, number),
      rowsThen: keys(held.databases, number),
      row: 'key',
    }))
  })

export const expect = (
  dataset: RedisDataset,
  expectations: Expectation[],
  context: DataContext,
): Promise<string[]> => withLive(dataset, context, (door) => unmet(door, expectations))
