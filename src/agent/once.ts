import { runLook } from '../alerts/round.run.ts'
import { runScheduled } from '../data/settings/scheduled.run.ts'
import { runRound } from '../data/wal/round.run.ts'
import { openEngine } from '../io/engine/engine.ts'
import { plainText } from '../problem/plain.ts'
import { messageOf, problemsOf } from '../problem/problem.ts'
import { problemLines } from '../problem/render.ts'
import { runPlan } from './run.ts'

const plain = {
  bad: (text: string) => text,
  bold: (text: string) => text,
  dim: (text: string) => text,
}

/**
 * The agent's life when a timer calls it: one job, told to the journal of systemd, and an exit code
 * that makes the unit fail.
 */
export const once = async (argv: string[]): Promise<number> => {
  const [job, project, dataset] = argv
  try {
    if (job === 'look' && project) await runLook(project, { waitMs: 0, warn: tellWarning })
    else if (job === 'wal' && project && dataset) await runRound({ project, dataset }, openEngine())
    else if (job === 'backup' && project && dataset) await backup(project, dataset)
    else throw new Error('usage: zarpe agent once backup|wal|look <project> [dataset]')
    return 0
  } catch (error) {
    const problems = problemsOf(error)
    for (const problem of problems)
      for (const line of problemLines(problem, plain)) console.error(line)
    if (problems.length === 0) console.error(messageOf(error))
    return 1
  }
}

/** Whoever is to hear that it failed hears so at once, not when somebody looks the next time. */
const backup = async (project: string, dataset: string) => {
  const engine = openEngine()
  try {
    await runScheduled({ project, dataset }, (plan) =>
      runPlan(engine, tellJournal, { plan, by: 'timer', shipSocket: null }),
    )
  } finally {
    await runLook(project, { waitMs: lookWaitMs, warn: tellWarning }).catch((error: unknown) =>
      console.error(messageOf(error)),
    )
  }
}

/** As long as another look may take. */
const lookWaitMs = 90_000

const tellWarning = (text: string) => console.error(plainText(text))

const tellJournal: Parameters<typeof runPlan>[1] = (notice) => {
  if (notice.type === 'step.done')
    console.log(`done: ${notice.id} (${(notice.ms / 1000).toFixed(1)} s)`)
  if (notice.type === 'step.failed') console.error(`failed: ${notice.id}`)
}
