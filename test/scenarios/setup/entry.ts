import { execute } from '../../../src/plan/execute.ts'
import { explain } from '../../../src/plan/explain.ts'
import type { AnyStep } from '../../../src/plan/kinds.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import type { RunContext, Runners } from '../../../src/plan/runner.ts'
import { type ProblemData, problemsOf } from '../../../src/problem/problem.ts'
import { inspectServer } from '../../../src/server/facts/inspect.ts'
import { type Facts, setupSettings } from '../../../src/server/model.ts'
import { guardedBy, planConfirm, planSetup } from '../../../src/server/setup/plan.ts'
import { serverRunners } from '../../../src/server/runners.ts'

/** What the harness prints as its last line, for the scenario to read. */
export type HarnessAnswer = {
  ok: boolean
  explained: string[]
  kinds: string[]
  guarded: string[]
  problem?: ProblemData | ProblemData[]
  facts?: Facts
}

/** What it reads from stdin; `steps` are run as they stand when the verb is `run`. */
export type HarnessInput = { settings: Parameters<typeof setupSettings>[0]; steps?: AnyStep[] }

// Stands in for the agent: plans the set-up of this very machine and runs it.
const main = async (verb: string, given: HarnessInput): Promise<HarnessAnswer> => {
  const settings = setupSettings(given.settings)
  if (verb === 'run') return runSteps(given.steps ?? [], noPlan)
  const facts = await inspectServer(settings.deployUser)
  if (verb === 'facts') return { ok: true, ...noPlan, facts }
  const plan: Plan = verb === 'confirm' ? planConfirm(facts) : planSetup(facts, settings)
  const kinds = plan.steps.map((step) => step.kind)
  const answer = { explained: explain(plan), kinds, guarded: guardedBy(plan) }
  if (verb === 'plan') return { ok: true, ...answer }
  return runSteps(plan.steps, answer)
}

const noPlan = { explained: [], kinds: [], guarded: [] }

const runSteps = async (
  steps: AnyStep[],
  answer: Omit<HarnessAnswer, 'ok'>,
): Promise<HarnessAnswer> => {
  const result = await execute(steps, serverRunners as Runners, {
    engine: {} as RunContext['engine'],
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    record: async (event) => {
      process.stderr.write(`${JSON.stringify(event)}\n`)
    },
  })
  return result.ok ? { ok: true, ...answer } : { ok: false, ...answer, problem: result.problem }
}

let text = ''
for await (const part of process.stdin.setEncoding('utf8')) text += part as string
try {
  console.log(
    JSON.stringify(await main(process.argv[2] ?? 'plan', JSON.parse(text) as HarnessInput)),
  )
} catch (thrown) {
  const problem = problemsOf(thrown)
  if (problem.length === 0) throw thrown
  console.log(JSON.stringify({ ok: false, ...noPlan, problem }))
}
