import type { Command } from 'commander'
import { action } from '../../cli/context.ts'
import { confirm } from '../../cli/confirm.ts'
import { connect } from '../../cli/connect.ts'
import { runPlan, showPlan } from '../../cli/run-plan.ts'
import { parseTarget } from '../../io/ssh/target.ts'
import { Problem } from '../../problem/problem.ts'
import { inspectBelongingsMethod } from '../methods.ts'
import { serverNamed } from '../setup/server-named.load.ts'
import { deployUser } from './model.ts'
import { planUninstall } from './plan.ts'

/** `zarpe uninstall [server]`. */
export const addUninstall = (program: Command) => {
  program
    .command('uninstall')
    .argument('[server]', 'user@host, or a name from `servers` in zarpe.yml')
    .description('take everything of Zarpe off a server; data, packages and updates stay')
    .addHelpText(
      'after',
      `
Refused while an app is released there: zarpe remove takes off one. Log in as root or as a
sudo user of your own, because the deploy user goes too.

Examples:
  zarpe uninstall root@vps.example`,
    )
    .action(
      action(async (context, server: string | undefined) => {
        const target = await serverNamed(context, server)
        if (parseTarget(target).user === deployUser) throw byItself(target)
        const connection = await connect(context.terminal, target)
        try {
          const plan = planUninstall(await connection.wire.call(inspectBelongingsMethod, null))
          showPlan(context, plan)
          await confirm(context, `Do this on ${target}?`)
          await runPlan(context, connection, plan)
          context.terminal.emit({ type: 'result', outcome: 'uninstalled', title: plan.title })
          context.terminal.say(`${context.terminal.good('✓')} ${plan.title}`)
        } finally {
          await connection.close()
        }
      }),
    )
}

const byItself = (target: string) =>
  new Problem({
    code: 'config/uninstall-by-itself',
    summary: 'The deploy user cannot remove itself.',
    detail: `${target} logs in as the user that goes with Zarpe.`,
    fix: [`zarpe uninstall root@${target.slice(target.indexOf('@') + 1)}`],
  })
