import type { Command } from 'commander'
import { action } from '../../cli/context.ts'
import { Problem } from '../../problem/problem.ts'
import { planBackup, planPrune } from './backup.plan.ts'
import { nearestStore } from './chain.ts'
import type { Configured } from '../model.ts'
import { lentKeys } from './key.command.ts'
import { planExpect, planProof } from './proof.plan.ts'
import { chosenBackup } from '../restore/restore.plan.ts'
import { perform, requireConfigured, withDataSession } from '../session.command.ts'

/** `zarpe backup now`, `verify` and `prune`. */
export const addNow = (backup: Command) => {
  backup
    .command('now')
    .argument('[datasets...]', 'which data (default: all)')
    .description('take a backup, restore it somewhere throw-away, compare all of it, store it')
    .addHelpText('after', '\nExamples:\n  zarpe backup now\n  zarpe backup now main --yes')
    .action(
      action(async (context, datasets: string[]) => {
        await withDataSession(context, async (session) => {
          refuseUnknown(requireConfigured(session), datasets)
          const plan = planBackup(session.observed, {
            datasets,
            reason: 'by hand',
            at: session.observed.now,
            title: `backup of ${datasets.join(', ') || 'all data'} of ${session.title}`,
          })
          await perform(context, session, plan, `Take it on ${session.title}?`)
        })
      }),
    )
  backup
    .command('verify')
    .argument('[backup]', 'its name (default: the newest)')
    .option('--from <store>', 'restore the copy of this store', undefined)
    .option('--dataset <name>', 'the newest of this data')
    .description('restore a copy somewhere throw-away and compare all of it')
    .addHelpText(
      'after',
      '\nExamples:\n  zarpe backup verify\n  zarpe backup verify main-20260131T030000Z --from storagebox',
    )
    .action(
      action(
        async (context, id: string | undefined, options: { from?: string; dataset?: string }) => {
          await withDataSession(context, async (session) => {
            const newest = session.observed.backups.findLast(
              ({ dataset }) => options.dataset === undefined || dataset === options.dataset,
            )
            const found = chosenBackup(session.observed, id ?? newest?.id, options.dataset)
            const from = options.from ?? nearestStore(session.observed.backups, found)
            const keys = await lentKeys(session.connection, session.observed.backups, found, from)
            const plan = planProof(found, from, keys)
            await perform(context, session, plan, `Restore it on ${session.title}?`)
          })
        },
      ),
    )
  backup
    .command('expect')
    .argument('[datasets...]', 'which data (default: all that something is expected of)')
    .description('ask the live data whether it is as `expect` in zarpe.yml says')
    .addHelpText('after', '\nExamples:\n  zarpe backup expect\n  zarpe backup expect main --yes')
    .action(
      action(async (context, datasets: string[]) => {
        await withDataSession(context, async (session) => {
          const configured = requireConfigured(session)
          refuseUnknown(configured, datasets)
          const plan = planExpect(session.observed, datasets, `${session.title}: is it as expected`)
          await perform(context, session, plan, `Ask it?`)
        })
      }),
    )
  backup
    .command('prune')
    .description('remove copies that no rule keeps; the newest proven one always stays')
    .addHelpText('after', '\nExamples:\n  zarpe backup prune\n  zarpe backup prune --yes')
    .action(
      action(async (context) => {
        await withDataSession(context, async (session) => {
          requireConfigured(session)
          const plan = planPrune(session.observed, `remove old backups of ${session.title}`)
          await perform(context, session, plan, `Remove them?`)
        })
      }),
    )
}

const refuseUnknown = ({ datasets }: Configured, names: string[]) => {
  const known = datasets.map(({ name }) => name)
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  throw new Problem({
    code: 'config/no-such-dataset',
    summary: 'There is no such dataset.',
    detail: `${unknown.join(', ')}: the server backs up ${known.join(', ')}.`,
    fix: ['zarpe backup list'],
  })
}
