import type { Context } from '../../cli/context.ts'
import { runPlan } from '../../cli/run-plan.ts'
import { type AgentConnection, connectAgent } from '../../io/ssh/connect.ts'
import type { SshTarget } from '../../io/ssh/target.ts'
import type { Plan } from '../../plan/plan.ts'
import { Problem, Problems, problemsOf } from '../../problem/problem.ts'
import { revertAfterSeconds } from '../guard/guard.render.ts'
import { inspectServerMethod } from '../methods.ts'
import type { Facts, SetupSettings } from '../model.ts'
import { guardedBy, planConfirm } from './plan.ts'

type Provable = { plan: Plan; facts: Facts; prove: () => Promise<void> }

/**
 * Runs the plan, and has what would undo itself proven. Of one that fails too: what was done before stays, and the
 * firewall comes before the step of SSH.
 */
export const runProven = async (
  context: Context,
  connection: AgentConnection,
  { plan, facts, prove }: Provable,
): Promise<void> => {
  if (plan.steps.length > 0)
    await runPlan(context, connection, plan).catch(async (failed: unknown) => {
      if (await isArmed(connection))
        await prove().catch((unproven: unknown) => {
          throw both(failed, unproven)
        })
      throw failed
    })
  if (guardedBy(plan).length > 0 || hasArmed(facts)) await prove()
}

const hasArmed = ({ guards }: Facts) => Object.values(guards).includes('armed')

/** A connection that is gone cannot tell; what is armed there undoes itself. */
const isArmed = (connection: AgentConnection) =>
  connection.wire.call(inspectServerMethod, null).then(hasArmed, () => false)

const both = (failed: unknown, unproven: unknown) => {
  const [first, second] = [problemsOf(failed), problemsOf(unproven)]
  return first.length > 0 && second.length > 0 ? new Problems([...first, ...second]) : failed
}

/**
 * Logs in anew, as the deploy user, while the old connection is still open, and only then keeps the
 * changes to SSH and the firewall. If this fails, they undo themselves.
 */
export const prove = async (context: Context, target: SshTarget, settings: SetupSettings) => {
  context.terminal.say(
    `Logging in anew as ${settings.deployUser}, with the first connection still open …`,
  )
  const proof = await logInAnew(target, settings.deployUser).catch((error: unknown) => {
    throw notProven(settings, error)
  })
  try {
    const facts = await proof.wire.call(inspectServerMethod, null)
    await runPlan(context, proof, planConfirm(facts))
  } finally {
    await proof.close()
  }
}

const proofTriesMax = 6
const proofPauseMs = 2_000

/** sshd was just restarted: for a moment nothing may listen, which says nothing about the login. */
const logInAnew = async (target: SshTarget, user: string): Promise<AgentConnection> => {
  const text = `${user}@${target.host}`
  for (let attempt = 1; ; attempt++) {
    try {
      return await connectAgent({ ...target, user, text })
    } catch (error) {
      const passing = error instanceof Problem && passingCodes.has(error.data.code)
      if (!passing || attempt >= proofTriesMax) throw error
      await new Promise((resolve) => setTimeout(resolve, proofPauseMs))
    }
  }
}

const passingCodes = new Set(['ssh/refused', 'ssh/unreachable', 'ssh/turned-away', 'ssh/failed'])

const notProven = (settings: SetupSettings, cause: unknown) => {
  const why = cause instanceof Problem ? `: ${cause.data.detail}` : '.'
  return new Problem(
    {
      code: 'server/not-proven',
      summary: 'The new login did not work; the changes to SSH and the firewall undo themselves.',
      detail: `Logging in as ${settings.deployUser} failed${why} Within ${revertAfterSeconds} s the server is reachable as it was.`,
      fix: [`Wait ${revertAfterSeconds} s, then: zarpe setup`],
    },
    { cause },
  )
}
