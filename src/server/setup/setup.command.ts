import { type Command, InvalidArgumentError, Option } from 'commander'
import { action, type Context } from '../../cli/context.ts'
import { connectInstalling } from './agent.command.ts'
import { confirm } from '../../cli/confirm.ts'
import { showPlan } from '../../cli/run-plan.ts'
import { formerMachine, otherMachineText, rememberMachine } from '../../io/ssh/machines.ts'
import { parseTarget, type SshTarget } from '../../io/ssh/target.ts'
import { revertAfterSeconds } from '../guard/guard.render.ts'
import { operatorKeys } from './keys.load.ts'
import { inspectServerMethod } from '../methods.ts'
import { type Ports, setupSettings, type SetupSettings } from '../model.ts'
import { bothPorts, parsePort } from '../rules/opened.ts'
import { planSetup } from './plan.ts'
import { prove, runProven } from './proof.command.ts'
import { serverNamed } from './server-named.load.ts'

type SetupOptions = { docker: SetupSettings['docker']; open?: Ports; close?: Ports }

/** One more `--open` or `--close`. */
const onePort = (text: string, before?: Ports): Ports => {
  const port = parsePort(text)
  if (port === null) throw new InvalidArgumentError('Write it as 51820/udp or 8080/tcp.')
  return before ? bothPorts(before, port) : port
}

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
    .option('--open <port/protocol>', 'leave a port open from outside too', onePort)
    .option(
      '--close <port/protocol>',
      'close what --open left open, or what no login depends on',
      onePort,
    )
    .description('make a bare server ready: Docker, Swarm, firewall, SSH, updates, the agent')
    .addHelpText(
      'after',
      `
Shows its plan first; a second run plans nothing. Changes to SSH and the firewall undo
themselves after ${revertAfterSeconds} s unless a new login has worked. From outside SSH, 80 and 443
are open, and what --open names: it stays open in later set-ups, until --close names it. Both may
be given several times.

Examples:
  zarpe setup root@vps.example
  zarpe setup --open 51820/udp
  zarpe setup --yes`,
    )
    .action(
      action(async (context, server: string | undefined, options: SetupOptions) => {
        const target = parseTarget(await serverNamed(context, server))
        const settings = setupSettings({
          authorizedKeys: await operatorKeys(target),
          docker: options.docker,
          ...(options.open ? { openPorts: options.open } : {}),
          ...(options.close ? { closePorts: options.close } : {}),
        })
        await setUp(context, target, settings)
      }),
    )
}

const setUp = async (context: Context, target: SshTarget, settings: SetupSettings) => {
  const { terminal } = context
  const { connection, notes: told } = await connectInstalling(context, target)
  const { greeting, wire } = connection
  try {
    const former = await formerMachine(target, greeting)
    const facts = await wire.call(inspectServerMethod, null)
    const plan = planSetup(facts, settings)
    const notes = former
      ? [...told, `${otherMachineText(target, greeting, former)} It takes the name over.`]
      : told
    showPlan(context, plan, notes)
    if (plan.steps.length > 0 || former) await confirm(context, `Do this on ${target.text}?`)
    await runProven(context, connection, {
      plan,
      facts,
      prove: () => prove(context, target, settings),
    })
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
