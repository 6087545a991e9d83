import { executePlan, type ExecuteResult, runNotice } from '../agent/methods.ts'
import type { AgentConnection } from '../io/ssh/connect.ts'
import { isLost, lostProblem } from '../io/wire/lost.ts'
import { explain, noteLines } from '../plan/explain.ts'
import type { Plan } from '../plan/plan.ts'
import { Problem } from '../problem/problem.ts'
import type { Context } from './context.ts'
import { heedingCtrlC } from './ctrl-c.ts'
import { exitCodes } from './exit.ts'
import { drawRun } from './progress.ts'

/** Shows a plan as it will be asked about. */
export const showPlan = (context: Context, plan: Plan, notes: string[] = []) => {
  const { terminal } = context
  terminal.emit({
    type: 'planned',
    title: plan.title,
    notes: [...plan.notes, ...notes],
    steps: plan.steps.map(({ params: _hidden, ...step }) => step),
  })
  for (const line of explain(plan, terminal.columns)) terminal.say(line)
  for (const note of notes)
    for (const line of noteLines(note, terminal.columns)) terminal.say(terminal.dim(line))
}

/** Runs a plan on the server, drawing it live. Throws the step's problem if it failed. */
export const runPlan = async (
  context: Context,
  connection: AgentConnection,
  plan: Plan,
): Promise<void> => {
  const draw = drawRun(context.terminal)
  connection.wire.onNotice(runNotice, (event) =>
    event.type === 'plan' ? draw.plan(event.title, event.steps) : draw.event(event),
  )
  try {
    const result = await heedingCtrlC(
      () => leaveRun(context, plan),
      () =>
        connection.wire.call(executePlan, {
          plan,
          by: context.by,
          shipSocket: connection.socketPath,
        }),
    )
    if (result.outcome === 'failed') throw failed(result, plan)
  } catch (error) {
    throw lost(error, plan)
  } finally {
    draw.end()
  }
}

/** Ctrl-C ends the watching, not the run, which is the server's by now. */
const leaveRun = (context: Context, plan: Plan) => {
  context.terminal.say(
    `\nThe server goes on with "${plan.title}": it completes or puts things back.`,
  )
  for (const line of waysOn(plan)) context.terminal.say(`  → ${line}`)
  process.exit(exitCodes.interrupted)
}

const failed = (result: Extract<ExecuteResult, { outcome: 'failed' }>, { scope }: Plan) => {
  const stays = 'What was done before it stays, and the same command goes on from there.'
  const after = {
    'nothing-to-do': scope === 'server' ? stays : 'Nothing had to be put back.',
    done: 'What was begun has been taken back; what served before is serving.',
    failed: 'Putting things back failed too: run the command again, it converges.',
  }[result.reverted]
  return new Problem({ ...result.problem, detail: `${result.problem.detail} ${after}` })
}

/** A cut connection says nothing about the run: the server finishes what it started. */
const lost = (error: unknown, plan: Plan) => {
  if (!isLost(error)) return error
  return lostProblem(error, {
    detail: `"${plan.title}" goes on there without this machine: it completes or puts things back.`,
    fix: waysOn(plan),
  })
}

/** A server has no status of its own; running the same again tells what is left. */
const waysOn = ({ scope, verb }: Plan) => [
  ...(scope === 'server' ? [] : ['zarpe status    # says which']),
  `zarpe ${verb}    # converges in any case`,
]
