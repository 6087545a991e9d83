import { decryptWith, encryptFile } from '../../io/host/files/agefile.ts'
import { sha256File, statOf, within, withTemporaryFolder } from '../../io/host/files/durable.ts'
import { problemsOf } from '../../problem/problem.ts'
import { localFolder } from '../places.ts'
import type { Store, StoreContext } from '../store.ts'
import { withStore } from '../store.run.ts'
import { logKeyOf } from './key.run.ts'
import { firstNeededOf } from './bases.run.ts'
import { lackingOf, leftOf } from './lacking.ts'
import { localSegments } from './local.run.ts'
import type { Archive, Log, Reached } from './model.ts'
import { folderOfName } from '../stores/names.ts'
import { segmentFile } from './names.ts'
import { gap, logOfAnother, saidOf, takenByAnother } from './problems.ts'
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
  const named = { project, dataset: archive.dataset, history: log.history }
  const encrypted = log.sealedFor !== null
  const sent = log.stores[name]?.last ?? null
  const local = await localSegments(named, sent ?? log.first)
  const isEnded = log.history !== archive.history
  const { lacking, gone } = isEnded
    ? { lacking: leftOf(log, { sent, local }), gone: null }
    : await lackingNow(log, named, { sent, local })
  const there = await namesThere(
    lacking.map((each) => segmentFile(named, each, encrypted)),
    sending,
  )
  for (const segment of lacking) {
    const own = within(localFolder, segmentFile(named, segment))
    const bytes = (await statOf(own))?.size
    if (bytes === undefined) throw goneHere(segment, name)
    const file = segmentFile(named, segment, encrypted)
    const plain = { path: own, bytes, sha256: await sha256File(own) }
    if (there.has(file) && (await isForeign(file, plain, named, sending))) {
      if (!isEnded) throw takenByAnother(name)
      // It was left to the other one already.
      await reach(project, archive, log, name, { last: log.last })
      return
    }
    const { path, ...expected } = encrypted ? await sealed(named, plain, sending) : plain
    await store.put(file, path, expected, context)
    await reach(project, archive, log, name, { last: segment })
  }
  if (gone !== null) throw goneHere(gone, name)
  await reach(project, archive, log, name, { last: log.last, through: log.through, problem: null })
}

/** What base backups need is read only where something is missing: most rounds have one segment to send. */
const lackingNow = async (
  log: Log,
  { project, dataset, history }: Named,
  known: { sent: string | null; local: string[] },
) => {
  const found = lackingOf(log, { ...known, needed: null })
  if (found.gone === null) return found
  return lackingOf(log, { ...known, needed: await firstNeededOf(project, dataset, history) })
}

const goneHere = (segment: string, store: string) =>
  gap(`${segment} is gone from the server's own store, and ${store} never had it.`)

/** Names of a store's files, of the folders that so many files would be in. */
const namesThere = async (files: string[], { store, context }: Sending): Promise<Set<string>> => {
  const found = new Set<string>()
  for (const folder of new Set(files.map(folderOfName)))
    for (const { name } of await store.list(folder, context)) found.add(name)
  return found
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
 * Whether a segment that a store has already is of other content: a machine that was copied, or put back to an earlier state,
 * writes the history that its twin has written. What was sent and not noted is the same.
 */
const isForeign = async (
  file: string,
  plain: Ready,
  { project, dataset, history }: Named,
  { store, folder, context }: Sending,
): Promise<boolean> => {
  const [came, opened] = [within(folder, 'came'), within(folder, 'opened')]
  const { sha256 } = await store.get(file, came, context)
  if (!file.endsWith('.age')) return sha256 !== plain.sha256
  const { secret } = await logKeyOf(project, dataset, history)
  return decryptWith(came, opened, secret).then(
    async () => (await sha256File(opened)) !== plain.sha256,
    () => true,
  )
}
