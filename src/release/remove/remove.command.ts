import type { Command } from 'commander'
import { action } from '../../cli/context.ts'
import { confirm } from '../../cli/confirm.ts'
import { runPlan, showPlan } from '../../cli/run-plan.ts'
import { withProject } from '../session.command.ts'
import { planRemove } from './remove.plan.ts'

/** `zarpe remove`. */
export const addRemove = (program: Command) => {
  program
    .command('remove')
    .description('take the app off the server; its volumes stay')
    .addHelpText(
      'after',
      '\nServices, network, images, routes and records go. Other apps are not touched.\n\nExample:\n  zarpe remove --env staging',
    )
    .action(
      action(async (context) => {
        await withProject(context, async ({ connection, observed, title }) => {
          const plan = planRemove(observed, title)
          showPlan(context, plan)
          await confirm(context, `Remove ${title}, so that nothing answers for it any more?`)
          await runPlan(context, connection, plan)
          context.terminal.emit({ type: 'result', outcome: 'removed', title: plan.title })
          context.terminal.say(`${context.terminal.good('✓')} ${title} is gone`)
        })
      }),
    )
}
