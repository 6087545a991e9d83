import type { Command } from 'commander'
import { action } from '../cli/context.ts'
import { basisOf } from '../release/basis.ts'
import { inspectProject } from '../release/methods.ts'
import { showPlan } from '../cli/run-plan.ts'
import { restoreNames, weighRestore } from './methods.ts'
import { lentKey } from './key.command.ts'
import { nearestStore } from './proof.plan.ts'
import { ageText, lossLines } from './render.ts'
import { chosenBackup, planRestore } from './restore.plan.ts'
import { restoreWords } from './restore-words.ts'
import { perform, withDataSession } from './session.command.ts'

type RestoreOptions = { from?: string; dataset?: string; dryRun?: boolean }

/** `zarpe backup restore [backup]`. */
export const addRestore = (backup: Command) => {
  backup
    .command('restore')
    .argument('[backup]', 'its name (default: the newest that is proven)')
    .option('--from <store>', 'use the copy of this store')
    .option('--dataset <name>', 'the newest of this data')
    .option('--dry-run', 'tell what would change, table by table, and change nothing')
    .description('bring a backup back: beside the live data, compared, then in its place')
    .addHelpText(
      'after',
      '\nThe data that was live stays aside: zarpe backup undo brings it back.\n\nExamples:\n  zarpe backup restore --dry-run\n  zarpe backup restore main-20260131T030000Z',
    )
    .action(
      action(async (context, id: string | undefined, options: RestoreOptions) => {
        await withDataSession(context, async (session) => {
          const { connection, project, observed, title } = session
          const found = chosenBackup(observed, id, options.dataset)
          const { terminal } = context
          const from = options.from ?? nearestStore(found)
          terminal.say(terminal.dim('counting the live data …'))
          const [losses, names, inspected] = await Promise.all([
            connection.wire.call(weighRestore, { project, id: found.id }),
            connection.wire.call(restoreNames, { project, id: found.id }),
            connection.wire.call(inspectProject, { project, references: [], images: [] }),
          ])
          const words = restoreWords(found.kind)
          const plan = planRestore(basisOf(inspected.observed), observed, {
            backup: found,
            from,
            key: await lentKey(connection, found, from),
            names,
            at: observed.now,
            title: `${found.id} ${words.into(names.live)} of ${title}`,
            release: null,
            notes: [words.loses(ageText(found.id, observed.now)), ...lossLines(losses)],
          })
          terminal.emit({ type: 'losses', backup: found.id, losses })
          if (!options.dryRun) return perform(context, session, plan, `Do this on ${title}?`)
          showPlan(context, plan)
          terminal.emit({ type: 'result', outcome: 'unchanged', title: plan.title })
        })
      }),
    )
}
