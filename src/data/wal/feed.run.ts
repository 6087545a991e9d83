import { decryptWith } from '../../io/host/files/agefile.ts'
import { removePath, within, writeDurable } from '../../io/host/files/durable.ts'
import { makeFolder, takeFile } from '../../io/host/files/files.ts'
import { publish } from '../../io/host/files/publish.ts'
import { decompressFile } from '../../io/host/files/tree.ts'
import { messageOf, type Problem } from '../../problem/problem.ts'
import type { ClusterContents } from '../held.ts'
import type { Store, StoreContext } from '../store.ts'
import { withStore } from '../store.run.ts'
import { archiveFolder, type History, nameOfSegmentFile } from './names.ts'
import { badSegment, gap } from './problems.ts'

/** Where a recovering server asks, and where it finds what it asked for, in its container. */
export const askPath = '/ask'
export const givePath = '/give'

/**
 * How a recovering server asks for a file of the log: it writes the name, and waits until the file lies there or word that
 * there is none. Nothing is fetched before it is wanted, so that a server that has come to its moment is not sent what
 * comes after it.
 */
export const restoreCommand = [
  `echo %f > ${askPath}/want.new`,
  `mv ${askPath}/want.new ${askPath}/want`,
  `while ! [ -e ${givePath}/%f ] && ! [ -e ${givePath}/%f.none ]; do sleep 0.1; done`,
  `cp ${givePath}/%f %p`,
].join(' && ')

const pollMs = 50
/** Segments that lie there at once. */
const nearMax = 3

export type Feed = {
  /** What was not as it should be, so that the server did not come as far as it could have. */
  problem: () => Problem | null
  /** How many segments it was given. */
  given: () => number
  /** Whether the store has that segment, or a later one. */
  reaches: (segment: string) => boolean
  /** What keeps a server that has followed the log to its end from having all of it; null if it has. */
  cutShort: (last: string | null) => Problem | null
}

export type FeedFolders = { ask: string; give: string }

/**
 * Gives a recovering server the log that it asks for, out of a store, for as long as `act` takes. The folder in which it
 * asks is the only one that it can write: nothing there is believed to be what it says, and nothing is written there.
 */
export const withFeed = <Result>(
  archive: History & Pick<ClusterContents, 'logKey'>,
  storeName: string,
  folder: string,
  context: StoreContext,
  act: (feed: Feed, folders: FeedFolders) => Promise<Result>,
): Promise<Result> =>
  withStore(archive.project, storeName, async (store) => {
    await removePath(folder)
    const [ask, give, work] = ['ask', 'give', 'work'].map((name) => within(folder, name)) as [
      string,
      string,
      string,
    ]
    for (const each of [folder, work]) await makeFolder(each, { mode: 0o700 })
    await makeFolder(give, { mode: 0o755 })
    await makeFolder(ask, { mode: 0o777 })
    const files = await store.list(archiveFolder(archive), context)
    const there = new Map(
      files.flatMap(({ name }) => {
        const segment = nameOfSegmentFile(name)
        return segment === null ? [] : [[segment, name] as const]
      }),
    )
    const source = { key: archive.logKey ?? null, store, storeName, there }
    let problem: Problem | null = null
    let furthest = ''
    const given: string[] = []
    const over = new AbortController()
    const answer = async (name: string) => {
      const found = await fetched(name, source, { give, work }, context)
      if (found === 'given') given.push(name)
      else {
        if (found) problem ??= found
        await writeDurable(within(give, `${name}.none`), '', 0o644)
      }
      // A server goes back to the one that it reads, and no further; one that begins again asks for the first again.
      const near = new Set(given.slice(-nearMax))
      for (const old of given.slice(0, -nearMax).filter((each) => !near.has(each)))
        await removePath(within(give, old))
    }
    const fed = (async () => {
      while (!over.signal.aborted) {
        const name = await wanted(ask, work)
        if (name === null) await new Promise((resolve) => setTimeout(resolve, pollMs))
        else {
          if (isSegment(name) && name > furthest) furthest = name
          await answer(name)
        }
      }
    })()
    // Nobody else would be told: the server would wait for ever.
    const broken = new Promise<never>((_resolve, reject) => {
      fed.catch(reject)
    })
    const feed: Feed = {
      problem: () => problem,
      given: () => given.length,
      reaches: (segment) =>
        [...there.keys()].some(
          (each) => each >= segment && each.slice(0, 8) === segment.slice(0, 8),
        ),
      cutShort: (last) => cutShort({ furthest, last, storeName, there }),
    }
    try {
      return await Promise.race([act(feed, { ask, give }), broken])
    } finally {
      over.abort()
      await fed.catch(() => undefined)
      await removePath(folder)
    }
  })

const isSegment = (name: string) => /^[0-9A-F]{24}$/.test(name)

const askedBytesMax = 64

/** The name that is asked for; null if none is, or nothing that could be one. */
const wanted = async (ask: string, work: string): Promise<string | null> => {
  // Taken away first: what is asked for next is another file.
  const taken = await takeFile(within(ask, 'want'), within(work, 'taken'), askedBytesMax)
  const name = taken?.toString('latin1').trim() ?? ''
  return isSegment(name) || /^[0-9A-F]{8}\.history$/.test(name) ? name : null
}

type Source = {
  key: string | null
  store: Store
  storeName: string
  /** Files of the store, by the segments that they are. */
  there: Map<string, string>
}

/** A segment into the folder; null where the log ends, or what is wrong with it. */
const fetched = async (
  name: string,
  { key, store, storeName, there }: Source,
  { give, work }: { give: string; work: string },
  context: StoreContext,
): Promise<'given' | Problem | null> => {
  const file = there.get(name)
  if (file === undefined) {
    const later = [...there.keys()].find(
      (each) => each > name && each.slice(0, 8) === name.slice(0, 8),
    )
    return later && isSegment(name)
      ? gap(`${storeName} has ${later} of the log, and not ${name} before it.`)
      : null
  }
  const [came, packed, plain] = ['came', 'packed', 'plain'].map((each) => within(work, each)) as [
    string,
    string,
    string,
  ]
  for (const path of [came, packed, plain]) await removePath(path)
  const encrypted = file.endsWith('.age')
  await store.get(file, encrypted ? came : packed, context)
  try {
    if (encrypted) await decryptWith(came, packed, key ?? '')
    await decompressFile(packed, plain, context.signal)
  } catch (error) {
    context.signal.throwIfAborted()
    return badSegment(name, `in ${storeName}`, messageOf(error))
  }
  await publish(plain, within(give, name), 0o644)
  return 'given'
}

/**
 * A server takes what it cannot read for the end of the log. It has read all of it if it asked for what comes after the
 * last segment that is there, and if that is the last there was.
 */
const cutShort = ({
  furthest,
  last,
  storeName,
  there,
}: Pick<Source, 'storeName' | 'there'> & { furthest: string; last: string | null }) => {
  const newest = [...there.keys()].toSorted().at(-1) ?? ''
  if (last !== null && newest < last)
    return gap(
      `${storeName} had the log up to ${last}, and has it up to ${newest || 'nothing'} now.`,
    )
  return furthest > newest
    ? null
    : gap(
        `The server could not read on after ${furthest || 'the beginning'}; ${storeName} has the log up to ${newest}.`,
      )
}
