import { type Command, Option } from 'commander'
import { action, type Context } from '../../cli/context.ts'
import { connectInstalling } from './agent.command.ts'
import { confirm } from '../../cli/confirm.ts'
import { runPlan, showPlan } from '../../cli/run-plan.ts'
import { type AgentConnection, connectAgent } from '../../io/ssh/connect.ts'
import { formerMachine, otherMachineText, rememberMachine } from '../../io/ssh/machines.ts'
import { parseTarget, type SshTarget } from '../../io/ssh/target.ts'
import { Problem } from '../../problem/problem.ts'
import { revertAfterSeconds } from '../guard/guard.render.ts'
import { operatorKeys } from './keys.load.ts'
import { inspectServerMethod } from '../methods.ts'
import { setupSettings, type SetupSettings } from '../model.ts'
import { guardedBy, planConfirm, planSetup } from './plan.ts'
import { serverNamed } from './server-named.load.ts'

type SetupOptions = { docker: SetupSettings['docker'] }

/** `zarpe setup [server]`. */
export const addSetup = (program: Command) => {
  program
    .command('setup')
    .argument('[server]', 'user@host, or a name from `servers` in zarpe.yml')
    .addOption(
      new Option('--docker <source>', 'where Docker comes from')
        .choices(['distribution', 'docker-ce'])
        .default('distribution'),
    )
    .description('make a bare server ready: Docker, Swarm, firewall, SSH, updates, the agent')
    .addHelpText(
      'after',
      `
Shows its plan first; a second run plans nothing. Changes to SSH and the firewall undo
themselves after ${revertAfterSeconds} s unless a new login has worked.

Examples:
  zarpe setup root@vps.example
  zarpe setup --yes`,
    )
    .action(
      action(async (context, server: string | undefined, options: SetupOptions) => {
        const target = parseTarget(await serverNamed(context, server))
        const settings = setupSettings({
          authorizedKeys: await operatorKeys(target),
          docker: options.docker,
        })
        await setUp(context, target, settings)
      }),
    )
}

const setUp = async (context: Context, target: SshTarget, settings: SetupSettings) => {
  const { terminal } = context
  const connection = await connectInstalling(context, target)
  const { greeting, wire } = connection
  try {
    const former = await formerMachine(target, greeting)
    const facts = await wire.call(inspectServerMethod, null)
    const plan = planSetup(facts, settings)
    const notes = former
      ? [`${otherMachineText(target, greeting, former)} It takes the name over.`]
      : []
    showPlan(context, plan, notes)
    if (plan.steps.length > 0 || former) await confirm(context, `Do this on ${target.text}?`)
    if (plan.steps.length > 0) await runPlan(context, connection, plan)
    const waiting = guardedBy(plan).length > 0 || Object.values(facts.guards).includes('armed')
    if (waiting) await prove(context, target, settings)
    if (former) await rememberMachine(target, greeting)
    terminal.emit({
      type: 'result',
      outcome: plan.steps.length > 0 ? 'set-up' : 'unchanged',
      steps: plan.steps.length,
    })
    terminal.say(
      `${terminal.good('✓')} ${target.host} is ready; log in as ${settings.deployUser}@${target.host} from now on`,
    )
  } finally {
    await connection.close()
  }
}

/**
 * Logs in anew, as the deploy user, while the old connection is still open, and only then keeps the
 * changes to SSH and the firewall. If this fails, they undo themselves.
 */
const prove = async (context: Context, target: SshTarget, settings: SetupSettings) => {
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
