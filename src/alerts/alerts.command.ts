import type { Command } from 'commander'
import { action, type Context } from '../cli/context.ts'
import { exitCodes } from '../cli/exit.ts'
import { plainText } from '../problem/plain.ts'
import { Problem } from '../problem/problem.ts'
import { type ServerSession, withServer } from '../release/session.command.ts'
import { alertLines } from './alerts.render.ts'
import { inspectAlertsMethod, testAlerts } from './methods.ts'

const help = `
Whom: \`alerts.to\` in zarpe.yml. See docs/guide/alerts.md.

Examples:
  zarpe alerts test
  zarpe alerts list`

/** `zarpe alerts …`. */
export const addAlerts = (program: Command) => {
  const alerts = program
    .command('alerts')
    .description('who is told by the server when something is wrong')
    .addHelpText('after', help)
  alerts
    .command('list')
    .description('who is told, what is wrong now, and who knows')
    .addHelpText('after', '\nExamples:\n  zarpe alerts list\n  zarpe alerts list --json')
    .action(action((context) => withServer(context, (session) => list(context, session))))
  alerts
    .command('test')
    .description('sends a message to everybody who is told, from the server')
    .addHelpText(
      'after',
      '\nExits 1 if one of them was not reached, 3 if there is nobody.\n\nExample:\n  zarpe alerts test',
    )
    .action(action((context) => withServer(context, (session) => test(context, session))))
}

const list = async ({ terminal }: Context, { connection, project, title }: ServerSession) => {
  const observed = await connection.wire.call(inspectAlertsMethod, { project })
  terminal.emit({ type: 'alerts', ...observed })
  for (const line of alertLines(observed, title, terminal.printed)) terminal.print(line)
  terminal.emit({ type: 'result', outcome: 'listed', standing: observed.ledger.standing.length })
}

const test = async ({ terminal }: Context, { connection, project, title }: ServerSession) => {
  const tested = await connection.wire.call(testAlerts, { project })
  if (!tested || tested.length === 0) throw nobody(title)
  const { good, bad, dim } = terminal.printed
  for (const each of tested) {
    terminal.emit({ type: 'tested', ...each })
    const { name, kind, problem, ms } = each
    terminal.print(
      problem === null
        ? `${good('✓')} ${name} (${kind}) took it ${dim(`${(ms / 1000).toFixed(1)} s`)}`
        : `${bad('✗')} ${name} (${kind}): ${plainText(problem)}`,
    )
  }
  const failed = tested.filter(({ problem }) => problem !== null).length
  terminal.emit({ type: 'result', outcome: failed > 0 ? 'failed' : 'done', failed })
  if (failed > 0) process.exitCode = exitCodes.failed
}

const nobody = (title: string) =>
  new Problem({
    code: 'alerts/nobody',
    summary: 'Nobody is told when something is wrong.',
    detail: `The server knows nobody to tell of ${title}.`,
    fix: [
      'Name somebody in zarpe.yml: alerts: { to: { team: { slack: ALERTS_URL } } }',
      'zarpe env set ALERTS_URL',
      'zarpe deploy',
    ],
  })
