import type { Command } from 'commander'
import { action } from '../../cli/context.ts'
import { confirm } from '../../cli/confirm.ts'
import { runPlan, showPlan } from '../../cli/run-plan.ts'
import { Problem } from '../../problem/problem.ts'
import { withProject } from '../session.command.ts'
import { planScale, replicasMax } from './scale.plan.ts'

/** `zarpe scale service=n …`. */
export const addScale = (program: Command) => {
  program
    .command('scale')
    .argument('<service=n...>', 'how many tasks of each service')
    .description('run more or fewer tasks of a service, until the next deploy')
    .addHelpText('after', '\nExamples:\n  zarpe scale web=3\n  zarpe scale web=3 worker=2 --yes')
    .action(
      action(async (context, wishes: string[]) => {
        const pairs = wishes.map(wishOf)
        const replicas = Object.fromEntries(pairs)
        if (Object.keys(replicas).length < pairs.length) throw twice(wishes)
        await withProject(context, async ({ connection, observed, title, config }) => {
          const at = new Date().toISOString()
          const plan = planScale(observed, { replicas, by: context.by, at, title, ...config })
          showPlan(context, plan)
          if (plan.steps.length > 0) {
            await confirm(context, `Do this on ${title}?`)
            await runPlan(context, connection, plan)
          }
          context.terminal.emit({
            type: 'result',
            outcome: plan.steps.length > 0 ? 'scaled' : 'unchanged',
          })
          context.terminal.say(`${context.terminal.good('✓')} ${wishes.join(' ')}`)
        })
      }),
    )
}

const twice = (wishes: string[]) =>
  new Problem({
    code: 'config/bad-scale',
    summary: 'A wish for tasks could not be understood.',
    detail: `${wishes.join(' ')} names a service more than once.`,
    fix: ['zarpe scale web=3'],
  })

const wishOf = (wish: string): [string, number] => {
  const match = /^([^=]+)=(\d{1,3})$/.exec(wish)
  if (match && Number(match[2]) <= replicasMax) return [match[1]!, Number(match[2])]
  throw new Problem({
    code: 'config/bad-scale',
    summary: 'A wish for tasks could not be understood.',
    detail: `${JSON.stringify(wish)} is not of the form service=number (0 to ${replicasMax}).`,
    fix: ['zarpe scale web=3'],
  })
}
