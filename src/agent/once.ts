import { runScheduled } from '../data/scheduled.run.ts'
import { runRound } from '../data/wal/round.run.ts'
import { openEngine } from '../io/engine/engine.ts'
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
    if (!isJob(job) || !project || !dataset)
      throw new Error(`usage: zarpe agent once ${jobs.join('|')} <project> <dataset>`)
    const engine = openEngine()
    if (job === 'wal') await runRound({ project, dataset }, engine)
    else
      await runScheduled({ project, dataset }, (plan) =>
        runPlan(engine, tellJournal, { plan, by: 'timer', shipSocket: null }),
      )
    return 0
  } catch (error) {
    const problems = problemsOf(error)
    for (const problem of problems)
      for (const line of problemLines(problem, plain)) console.error(line)
    if (problems.length === 0) console.error(messageOf(error))
    return 1
  }
}

const jobs = ['backup', 'wal'] as const

const isJob = (word: string | undefined): word is (typeof jobs)[number] =>
  jobs.some((job) => job === word)

const tellJournal: Parameters<typeof runPlan>[1] = (notice) => {
  if (notice.type === 'step.done')
    console.log(`done: ${notice.id} (${(notice.ms / 1000).toFixed(1)} s)`)
  if (notice.type === 'step.failed') console.error(`failed: ${notice.id}`)
}
