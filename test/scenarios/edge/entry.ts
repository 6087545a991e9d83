import { inspectEdge } from '../../../src/edge/inspect.ts'
import { edgeRunners } from '../../../src/edge/runners.ts'
import { openEngine } from '../../../src/io/engine/engine.ts'
import { execute } from '../../../src/plan/execute.ts'
import type { AnyStep } from '../../../src/plan/kinds.ts'
import type { Runners } from '../../../src/plan/runner.ts'
import type { ProblemData } from '../../../src/problem/problem.ts'
import type { ObservedEdge } from '../../../src/edge/model.ts'

/** What the harness prints as its last line. */
export type HarnessAnswer = { observed: ObservedEdge; notes: string[]; problem: ProblemData | null }

// Stands in for the agent: runs the steps it is given on this machine, then looks.
let text = ''
for await (const part of process.stdin.setEncoding('utf8')) text += part as string
const engine = openEngine()
const notes: string[] = []
const result = await execute(JSON.parse(text) as AnyStep[], edgeRunners as Runners, {
  engine,
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  record: async (event) => {
    if (event.type === 'step.note') notes.push(event.text)
  },
})
const answer: HarnessAnswer = {
  observed: await inspectEdge(engine),
  notes,
  problem: result.ok ? null : result.problem,
}
console.log(JSON.stringify(answer))
