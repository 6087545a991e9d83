import type { Command } from 'commander'
import { action } from '../../cli/context.ts'
import { confirm } from '../../cli/confirm.ts'
import { runPlan, showPlan } from '../../cli/run-plan.ts'
import { Problem } from '../../problem/problem.ts'
import { dataFor } from './data-back.command.ts'
import { planRollback } from './rollback.plan.ts'
import { withProject } from '../session.command.ts'

const rollbackHelp = `
Nothing is built or sent: kept releases rest on the server. With --with-data the app is stopped while its data
is put back; how much is lost is told, table by table, before you are asked.

Examples:
  zarpe rollback
  zarpe rollback 41 --yes
  zarpe rollback --with-data`

/** `zarpe rollback [release]`. */
export const addRollback = (program: Command) => {
  program
    .command('rollback')
    .argument('[release]', 'number of the release to bring back (default: the one before)')
    .option(
      '--with-data',
      'bring the data back too, as it was before the migration that came after',
    )
    .description('bring an earlier release back')
    .addHelpText('after', rollbackHelp)
    .action(
      action(async (context, release: string | undefined, options: { withData?: boolean }) => {
        const started = Date.now()
        const to = release === undefined ? null : numberOf(release)
        await withProject(context, async ({ connection, observed, title, config }) => {
          const data = options.withData ? await dataFor(connection, observed, to) : null
          const plan = planRollback(observed, {
            to,
            by: context.by,
            at: new Date().toISOString(),
            title,
            data,
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
