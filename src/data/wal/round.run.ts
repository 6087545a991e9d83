import type { Engine } from '../../io/engine/engine.ts'
import { run } from '../../io/host/processes/process.ts'
import { isUnderWay } from '../../io/host/machine/units.ts'
import { problemsOf } from '../../problem/problem.ts'
import { readBackups } from '../catalogue/catalogue.run.ts'
import { type ClusterDataset, localStore } from '../model.ts'
import { stateOf } from '../catalogue/state.ts'
import { backupUnit } from '../settings/timers.ts'
import { archiveLog, archiving, clusterNamed } from './archive.run.ts'
import { type Archive, everyS } from './model.ts'
import { logOfAnother, saidOf } from './problems.ts'
import { pruneLog } from './prune.run.ts'
import { sendLog } from './send.run.ts'
import { dropSlots, type LogContext, withLogServer } from './server.run.ts'
import { amendArchive } from './state.run.ts'

const limitMs = 50 * 60_000
const askEveryMs = 30 * 60_000
/** What cannot be proven twice is not proven by a third copy, which takes room. */
const asksMax = 2

/**
 * What the timer does: archives the log, sends it to the stores, asks for a base backup where the history has none, and
 * removes what nobody needs. A store that is slow keeps nobody waiting: the log is archived on, and other stores get it,
 * while it is sent what it lacks. Throws what went wrong, after all that could be done was.
 */
export const runRound = async (
  { project, dataset: name }: { project: string; dataset: string },
  engine: Engine,
): Promise<void> => {
  const context = { engine, signal: AbortSignal.timeout(limitMs) }
  const { keep } = await clusterNamed(project, name)
  const stores = Object.keys(keep).filter((store) => store !== localStore)
  const busy = new Map<string, Promise<void>>()
  const failures: unknown[] = []
  do {
    const archive = await archiveLog(project, name, context).catch(async (error: unknown) => {
      await noteProblem(project, name, error)
      failures.push(error)
      return null
    })
    if (archive)
      for (const store of stores.filter((each) => !busy.has(each)))
        busy.set(
          store,
          sendLog(project, archive, store)
            .catch((error: unknown) => failures.push(error))
            .then(() => void busy.delete(store)),
        )
    await Promise.race([Promise.all(busy.values()), pause(everyS * 1000)])
  } while (busy.size > 0 && failures.length === 0 && !context.signal.aborted)
  await Promise.all(busy.values())
  await leaveTaken(project, name, failures, context)
  await askForBase(project, name)
  failures.push(...(await pruneLog(project, name, Object.keys(keep))))
  if (failures.length > 0) throw failures[0]
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const noteProblem = (project: string, dataset: string, error: unknown) => {
  const problem = saidOf(error)
  const triedAt = new Date().toISOString()
  return amendArchive(project, dataset, (known) => known && { ...known, triedAt, problem })
}

/** A history that another server writes too is left to it. */
const leaveTaken = async (
  project: string,
  name: string,
  failures: unknown[],
  context: LogContext,
) => {
  if (!failures.some((error) => problemsOf(error)[0]?.code === logOfAnother)) return
  const dataset = await clusterNamed(project, name)
  await archiving(project, name, context, () =>
    withLogServer(project, dataset, context, ({ session }) => dropSlots(session, name)),
  )
}

/** A history without a base backup brings nothing back: the first one is not left to its time of day. */
const askForBase = async (project: string, name: ClusterDataset['name']) => {
  const has = (history: string, backups: Awaited<ReturnType<typeof readBackups>>) =>
    backups.some(
      (each) =>
        each.dataset === name && each.log?.history === history && stateOf(each) !== 'failed',
    )
  const backups = await readBackups(project)
  const now = Date.now()
  const isDue = ({ asked, history }: Archive) =>
    !has(history, backups) &&
    asked.times < asksMax &&
    (asked.at === null || now - Date.parse(asked.at) >= askEveryMs)
  const unit = backupUnit(project, name)
  // One that is being taken may be of the history before, and would not be started again.
  if (await isUnderWay(unit)) return
  let isAsked = false
  await amendArchive(project, name, (known) => {
    if (!known || !isDue(known)) return known
    isAsked = true
    return { ...known, asked: { times: known.asked.times + 1, at: new Date(now).toISOString() } }
  })
  if (isAsked) await run('systemctl', ['start', '--no-block', unit], { limitMs: 30_000 })
}
