import type { Command } from 'commander'
import { action } from '../cli/context.ts'
import { confirm } from '../cli/confirm.ts'
import { runPlan, showPlan } from '../cli/run-plan.ts'
import { Problem } from '../problem/problem.ts'
import { planRollback } from './rollback.plan.ts'
import { withProject } from './project.command.ts'

/** `zarpe rollback [release]`. */
export const addRollback = (program: Command) => {
  program
    .command('rollback')
    .argument('[release]', 'number of the release to bring back (default: the one before)')
    .description('bring an earlier release back')
    .addHelpText(
      'after',
      '\nNothing is built or sent: kept releases rest on the server.\n\nExamples:\n  zarpe rollback\n  zarpe rollback 41 --yes',
    )
    .action(
      action(async (context, release: string | undefined) => {
        const started = Date.now()
        const to = release === undefined ? null : numberOf(release)
        await withProject(context, async ({ connection, observed, title, config }) => {
          const plan = planRollback(observed, {
            to,
            by: context.by,
            at: new Date().toISOString(),
            title,
            ...config,
          })
          showPlan(context, plan)
          await confirm(context, `Do this on ${title}?`)
          await runPlan(context, connection, plan)
          const { terminal } = context
          terminal.emit({
            type: 'result',
            outcome: 'rolled-back',
            title: plan.title,
            ms: Date.now() - started,
          })
          terminal.say(`${terminal.good('✓')} ${plan.title}`)
        })
      }),
    )
}

const numberOf = (text: string) => {
  if (/^r?\d{1,9}$/.test(text)) return Number(text.replace('r', ''))
  throw new Problem({
    code: 'config/bad-release',
    summary: 'A release is named by its number.',
    detail: `${JSON.stringify(text)} is not a number.`,
    fix: ['zarpe releases', 'zarpe rollback 41'],
  })
}
