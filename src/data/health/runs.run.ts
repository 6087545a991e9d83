import { namesIn, readText, removePath, within, writeDurable } from '../../io/host/durable.ts'
import { messageOf, problemsOf } from '../../problem/problem.ts'
import { stateFolder } from '../../release/records.run.ts'
import type { ScheduledRun } from './model.ts'

const folderOf = (project: string) => within(stateFolder, project, 'scheduled')

/** Remembers how a backup by the clock ends: nobody is there to see it. Throws what `act` throws. */
export const rememberRun = async (
  { project, dataset }: { project: string; dataset: string },
  act: () => Promise<void>,
): Promise<void> => {
  const startedAt = new Date().toISOString()
  const remember = (end: Pick<ScheduledRun, 'endedAt' | 'problem'>) =>
    writeRun(project, { dataset, startedAt, ...end })
  const ended = (problem: string | null) => remember({ endedAt: new Date().toISOString(), problem })
  // On a full disk the backup goes on: it may be what frees it.
  await remember({ endedAt: null, problem: null }).catch(() => undefined)
  try {
    await act()
  } catch (error) {
    await ended(saidOf(error)).catch(() => undefined)
    throw error
  }
  await ended(null)
}

const saidOf = (error: unknown): string => {
  const [problem] = problemsOf(error)
  return problem ? `${problem.summary} ${problem.detail}` : messageOf(error)
}

const writeRun = (project: string, run: ScheduledRun) =>
  writeDurable(
    within(folderOf(project), `${run.dataset}.json`),
    `${JSON.stringify(run, null, 2)}\n`,
  )

/** The last run of each timer of a project; a record that is damaged is none. */
export const readRuns = async (project: string): Promise<ScheduledRun[]> => {
  const names = (await namesIn(folderOf(project))).filter((name) => name.endsWith('.json'))
  const texts = await Promise.all(names.map((name) => readText(within(folderOf(project), name))))
  return texts.flatMap((text) => {
    try {
      return text === null ? [] : [JSON.parse(text) as ScheduledRun]
    } catch {
      return []
    }
  })
}

export const removeRuns = (project: string) => removePath(folderOf(project))
