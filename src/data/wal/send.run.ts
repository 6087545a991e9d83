import { decryptWith, encryptFile } from '../../io/host/agefile.ts'
import { sha256File, statOf, within, withTemporaryFolder } from '../../io/host/durable.ts'
import { problemsOf } from '../../problem/problem.ts'
import { localFolder } from '../places.ts'
import type { Store, StoreContext } from '../store.ts'
import { withStore } from '../store.run.ts'
import { logKeyOf } from './key.run.ts'
import type { Archive, Log, Reached } from './model.ts'
import { folderOfName } from '../stores/names.ts'
import { segmentFile } from './names.ts'
import { gap, logOfAnother, saidOf, takenByAnother } from './problems.ts'
import { segmentName, segmentOf } from './segments.ts'
import { amendArchive } from './state.run.ts'

const sendLimitMs = 10 * 60_000

type Sending = { project: string; store: Store; folder: string; context: StoreContext }

/**
 * Sends a store what it lacks, of logs that ended first. How far it came, or why not, is noted in the archive; thrown is
 * only that another server writes the same history.
 */
export const sendLog = async (project: string, archive: Archive, name: string): Promise<void> => {
  const context = { signal: AbortSignal.timeout(sendLimitMs), note: () => undefined }
  const behind = [...archive.past, archive].filter((log) => log.last !== log.stores[name]?.last)
  try {
    if (behind.length > 0)
      await withStore(project, name, (store) =>
        withTemporaryFolder(async (folder) => {
          for (const log of behind)
            await sendOf(archive, log, name, { project, store, folder, context })
        }),
      )
    // Nothing was written since: what the store has is all there is.
    await reach(project, archive, archive, name, {
      last: archive.last,
      through: archive.through,
      problem: null,
    })
  } catch (error) {
    await reach(project, archive, archive, name, { problem: saidOf(error) })
    if (problemsOf(error)[0]?.code === logOfAnother) throw error
  }
}

/** Notes how far a store has come with a log, whether that goes on by now or has ended. */
const reach = (
  project: string,
  { dataset }: Archive,
  { history }: Log,
  store: string,
  reached: Partial<Reached>,
) =>
  amendArchive(project, dataset, (known) => {
    if (!known) return known
    const noted = <Of extends Log>(log: Of): Of =>
      log.history === history
        ? {
            ...log,
            stores: { ...log.stores, [store]: { ...none, ...log.stores[store], ...reached } },
          }
        : log
    return { ...noted(known), past: known.past.map(noted) }
  })

const none: Reached = { last: null, through: null, problem: null }

const sendOf = async (archive: Archive, log: Log, name: string, sending: Sending) => {
  const { project, store, context } = sending
  const { dataset } = archive
  const named = { project, dataset, history: log.history }
  const encrypted = log.sealedFor !== null
  const lacking = missing(log, log.stores[name]?.last ?? null)
  for (const [index, segment] of lacking.entries()) {
    const own = within(localFolder, segmentFile(named, segment))
    const facts = await statOf(own)
    // Of a log that ended, what no base backup needed any more was removed here before the store could be reached again.
    if (!facts && log.history !== archive.history) continue
    if (!facts)
      throw gap(`${segment} is gone from the server's own store, and ${name} never had it.`)
    const file = segmentFile(named, segment, encrypted)
    const plain = { path: own, bytes: facts.size, sha256: await sha256File(own) }
    if (index === 0 && (await isForeign(file, plain, named, sending))) throw takenByAnother(name)
    const { path, ...expected } = encrypted ? await sealed(named, plain, sending) : plain
    await store.put(file, path, expected, context)
    await reach(project, archive, log, name, { last: segment })
  }
  await reach(project, archive, log, name, { last: log.last, through: log.through, problem: null })
}

type Ready = { path: string; bytes: number; sha256: string }
type Named = { project: string; dataset: string; history: string }

const sealed = async (
  { project, dataset, history }: Named,
  plain: Ready,
  { folder, context }: Sending,
): Promise<Ready> => {
  const path = within(folder, 'sealed')
  const { recipient } = await logKeyOf(project, dataset, history)
  const { signal } = context
  const { bytes, sha256 } = await encryptFile(plain.path, path, [recipient], plain.sha256, signal)
  return { path, bytes, sha256 }
}

/**
 * Whether a store has a segment already, with other content: a machine that was copied, or put back to an earlier state, writes
 * the history that its twin has written. What was sent and not noted is the same.
 */
const isForeign = async (
  file: string,
  plain: Ready,
  { project, dataset, history }: Named,
  { store, folder, context }: Sending,
): Promise<boolean> => {
  const there = await store.list(folderOfName(file), context)
  if (!there.some(({ name }) => name === file)) return false
  const [came, opened] = [within(folder, 'came'), within(folder, 'opened')]
  const { sha256 } = await store.get(file, came, context)
  if (!file.endsWith('.age')) return sha256 !== plain.sha256
  const { secret } = await logKeyOf(project, dataset, history)
  return decryptWith(came, opened, secret).then(
    async () => (await sha256File(opened)) !== plain.sha256,
    () => true,
  )
}

/** The segments of a log after the last that a store has. */
const missing = ({ first, last, timeline, segmentBytes }: Log, sent: string | null): string[] => {
  const names: string[] = []
  if (last === null) return names
  const from =
    sent === null
      ? segmentOf(first, segmentBytes)!.number
      : segmentOf(sent, segmentBytes)!.number + 1n
  const to = segmentOf(last, segmentBytes)!.number
  for (let number = from; number <= to; number++)
    names.push(segmentName({ timeline, number }, segmentBytes))
  return names
}
