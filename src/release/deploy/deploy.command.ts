import { type Command, Option } from 'commander'
import { locked } from '../../agent/locked.ts'
import { action } from '../../cli/context.ts'
import { confirm } from '../../cli/confirm.ts'
import { runPlan, showPlan } from '../../cli/run-plan.ts'
import { planDeploy } from './deploy.plan.ts'
import type { Observed } from '../model.ts'
import { withSession, type Session, type SessionOptions } from './session.command.ts'

const deployHelp = `
A release that does not become healthy leaves the old one serving and is taken back.

Examples:
  zarpe deploy
  zarpe deploy --env production --yes
  zarpe deploy --build-on server
  zarpe deploy --no-build             # after zarpe env set: new values, the same images`

/** `zarpe plan` and `zarpe deploy`. */
export const addDeploy = (program: Command) => {
  program
    .command('plan')
    .description('show what a deploy would do, and change nothing')
    .addOption(buildOn())
    .addOption(noBuild())
    .addOption(noBackup())
    .addOption(noRoutes())
    .addHelpText('after', '\nExamples:\n  zarpe plan\n  zarpe plan --env staging --json')
    .action(
      action(async (context, options: SessionOptions) => {
        await withSession(context, options, async (session) => {
          showPlan(context, planFor(session), session.loaded.notes)
        })
      }),
    )
  program
    .command('deploy')
    .description('release what is in this folder: build, ship, migrate, start, prove, switch')
    .addOption(buildOn())
    .addOption(noBuild())
    .addOption(noBackup())
    .addOption(noRoutes())
    .addHelpText('after', deployHelp)
    .action(
      action(async (context, options: SessionOptions) => {
        const started = Date.now()
        await withSession(context, options, async (session) => {
          const plan = planFor(session)
          showPlan(context, plan, session.loaded.notes)
          const { terminal } = context
          if (plan.steps.length > 0) {
            // Whoever has to wait is not asked first.
            const { project, lock } = session.observed
            if (lock) throw locked(project, lock)
            await confirm(context, `Do this on ${session.wanted.title}?`)
            await runPlan(context, session.connection, plan)
          } else if (isUnended(session.observed)) {
            // Nothing is left to do of a run that was cut; a run without steps says so in its journal.
            await runPlan(context, session.connection, plan)
          }
          const seconds = ((Date.now() - started) / 1000).toFixed(1)
          terminal.emit({
            type: 'result',
            outcome: plan.steps.length > 0 ? 'released' : 'unchanged',
            title: plan.title,
            exchanges: session.connection.wire.exchanges(),
            bytesShipped: session.registry.bytesServed(),
            ms: Date.now() - started,
          })
          terminal.say(`${terminal.good('✓')} ${plan.title} ${terminal.dim(`${seconds} s`)}`)
          for (const domain of new Set(session.wanted.routes.map((route) => route.domain)))
            terminal.say(`  https://${domain}/`)
        })
      }),
    )
}

const buildOn = () =>
  new Option('--build-on <where>', 'whose engine builds (default: `release.build_on`)').choices([
    'laptop',
    'server',
  ])

const noBackup = () =>
  new Option('--no-backup', 'migrate without a backup before it; the record says so')

const noRoutes = () =>
  new Option(
    '--no-routes',
    'make nothing reachable from outside and take no backups by the clock: for a rehearsal on another server',
  )

const noBuild = () =>
  new Option('--no-build', 'keep the images of the current release: for new values alone')

const isUnended = ({ lastRun, lock }: Observed) =>
  lock === null && lastRun?.outcome === 'interrupted'

const planFor = (session: Session) =>
  planDeploy(session.wanted, session.observed, new Date().toISOString())
