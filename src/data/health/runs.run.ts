import { within } from '../../io/host/files/durable.ts'
import { forget, recall, recallNames, remember } from '../../io/host/files/remembered.ts'
import { messageOf, problemsOf } from '../../problem/problem.ts'
import { stateFolder } from '../../release/places.ts'
import type { EndedRun, ScheduledRuns } from './model.ts'
import { begun, parseRuns } from './runs.ts'

const folderOf = (project: string) => within(stateFolder, project, 'scheduled')
const fileOf = (project: string, dataset: string) => within(folderOf(project), `${dataset}.json`)

/** Remembers how a backup by the clock ends: nobody is there to see it. Throws what `act` throws. */
export const rememberRun = async (
  { project, dataset }: { project: string; dataset: string },
  act: () => Promise<void>,
): Promise<void> => {
  const startedAt = new Date().toISOString()
  await writeRuns(project, begun(await readRunsOf(project, dataset), dataset, startedAt))
  const ended = (problem: EndedRun['problem']) => {
    const last = { startedAt, endedAt: new Date().toISOString(), problem }
    return writeRuns(project, { dataset, last, running: null })
  }
  try {
    await act()
  } catch (error) {
    await ended(saidOf(error))
    throw error
  }
  await ended(null)
}

const saidOf = (error: unknown) => {
  const [problem] = problemsOf(error)
  return problem
    ? { code: problem.code, text: `${problem.summary} ${problem.detail}` }
    : { code: 'data/unexplained', text: messageOf(error) }
}

const writeRuns = (project: string, runs: ScheduledRuns) =>
  remember(fileOf(project, runs.dataset), `${JSON.stringify(runs, null, 2)}\n`)

const readRunsOf = async (project: string, dataset: string): Promise<ScheduledRuns | null> => {
  const text = await recall(fileOf(project, dataset))
  return text === null ? null : parseRuns(text)
}

/** The last runs of each timer of a project; a record that is damaged is none. */
export const readRuns = async (project: string): Promise<ScheduledRuns[]> => {
  const names = (await recallNames(folderOf(project))).filter((name) => name.endsWith('.json'))
  const found = await Promise.all(
    names.map((name) => readRunsOf(project, name.slice(0, -'.json'.length))),
  )
  return found.filter((each) => each !== null)
}

/** Forgets the runs of datasets that are not backed up by the clock any more. */
export const keepRunsOf = async (project: string, datasets: string[]): Promise<void> => {
  const kept = new Set(datasets.map((name) => `${name}.json`))
  for (const name of await recallNames(folderOf(project)))
    if (!kept.has(name)) await forget(within(folderOf(project), name))
}
