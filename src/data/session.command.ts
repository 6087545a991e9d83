import type { Context } from '../cli/context.ts'
import { confirm } from '../cli/confirm.ts'
import type { Plan } from '../plan/plan.ts'
import { Problem } from '../problem/problem.ts'
import { type ServerSession, withServer } from '../release/session.command.ts'
import { runPlan, showPlan } from '../cli/run-plan.ts'
import { inspectDataMethod } from './methods.ts'
import type { ObservedData } from './model.ts'

export type DataSession = ServerSession & { observed: ObservedData }

/** Connects and reads what the server knows of the project's data. */
export const withDataSession = (
  context: Context,
  act: (session: DataSession) => Promise<void>,
): Promise<void> =>
  withServer(context, async (session) => {
    const { project } = session
    const observed = await session.connection.wire.call(inspectDataMethod, { project })
    await act({ ...session, observed })
  })

/** For verbs that need the server to know what is backed up. */
export const requireConfigured = ({ observed, title }: DataSession) => {
  if (observed.configured) return observed.configured
  throw new Problem({
    code: 'data/not-configured',
    summary: 'The server does not know what to back up.',
    detail: `Nothing of ${title} is backed up yet.`,
    fix: [
      'Name the database in zarpe.yml: databases: { main: { postgres: { service: db } } }',
      'zarpe deploy',
    ],
  })
}

/** Shows a plan, asks, runs it, and says how it ended. */
export const perform = async (
  context: Context,
  session: ServerSession,
  plan: Plan,
  question: string,
) => {
  const started = Date.now()
  const { terminal } = context
  showPlan(context, plan)
  if (plan.steps.length > 0) {
    await confirm(context, question)
    await runPlan(context, session.connection, plan)
  }
  const ms = Date.now() - started
  const outcome = plan.steps.length > 0 ? 'done' : 'unchanged'
  terminal.emit({ type: 'result', outcome, title: plan.title, ms })
  terminal.say(`${terminal.good('✓')} ${plan.title} ${terminal.dim(`${(ms / 1000).toFixed(1)} s`)}`)
}
