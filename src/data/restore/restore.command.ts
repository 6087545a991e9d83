import type { Command } from 'commander'
import { action } from '../../cli/context.ts'
import { basisOf } from '../../release/basis.ts'
import { inspectProject } from '../../release/methods.ts'
import { showPlan } from '../../cli/run-plan.ts'
import { nearestStore } from '../backup/chain.ts'
import { restoreNames, weighRestore } from '../methods.ts'
import type { Backup } from '../model.ts'
import { parseMoment } from './moment.ts'
import { baseFor, type Chosen } from './moment.plan.ts'
import { lentKeys } from '../backup/key.command.ts'
import { ageSince, ageText, lossLines } from '../catalogue/render.ts'
import { chosenBackup, planRestore } from './restore.plan.ts'
import { restoreWords } from './restore-words.ts'
import { type DataSession, perform, withDataSession } from '../session.command.ts'

type RestoreOptions = { from?: string; dataset?: string; to?: string; dryRun?: boolean }

const help = `
The data that was live stays aside: zarpe backup undo brings it back.

Examples:
  zarpe backup restore --dry-run
  zarpe backup restore main-20260131T030000Z
  zarpe backup restore --to "20m ago"
  zarpe backup restore --to "2026-01-31 10:15:00" --dataset main
  zarpe backup restore main-base-20260131T020000Z --to latest --from storagebox`

/** `zarpe backup restore [backup]`. */
export const addRestore = (backup: Command) => {
  backup
    .command('restore')
    .argument('[backup]', 'its name (default: the newest that is proven)')
    .option('--from <store>', 'use the copy of this store')
    .option('--dataset <name>', 'the newest of this data')
    .option('--to <time>', 'the server as it was then, where `point_in_time` is on; or "latest"')
    .option('--dry-run', 'tell what would change, table by table, and change nothing')
    .description('bring a backup back: beside the live data, compared, then in its place')
    .addHelpText('after', help)
    .action(
      action(async (context, id: string | undefined, options: RestoreOptions) => {
        await withDataSession(context, async (session) => {
          const { connection, project, observed, title } = session
          const { found, from, moment } = sourceOf(session, id, options)
          const { terminal } = context
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
            keys: await lentKeys(connection, observed.backups, found, from),
            names,
            at: observed.now,
            title: `${moment ? momentTitle(found, moment) : found.id} ${words.into(names.live)} of ${title}`,
            release: null,
            notes: [words.loses(lostAge(found, moment, observed.now)), ...lossLines(losses)],
            ...(moment ? { moment } : {}),
          })
          terminal.emit({ type: 'losses', backup: found.id, losses })
          if (!options.dryRun) return perform(context, session, plan, `Do this on ${title}?`)
          showPlan(context, plan)
          terminal.emit({ type: 'result', outcome: 'unchanged', title: plan.title })
        })
      }),
    )
}

/** The backup that is meant, where it is taken from, and to which moment it is brought. */
const sourceOf = (
  { observed }: DataSession,
  id: string | undefined,
  { to, from, dataset }: RestoreOptions,
): { found: Backup; from: string; moment: Chosen | null } => {
  if (to === undefined) {
    const found = chosenBackup(observed, id, dataset)
    return { found, from: from ?? nearestStore(observed.backups, found), moment: null }
  }
  const wanted = { to: parseMoment(to, new Date(observed.now)), dataset, from, id }
  const base = baseFor(observed, wanted)
  return { found: base.backup, from: base.from, moment: base.chosen }
}

const momentTitle = ({ dataset, id }: Backup, { to, reaches }: Chosen) =>
  `${dataset} as of ${to}${to === 'latest' && reaches !== null ? ` (${reaches})` : ''}, from ${id},`

/** How much of the last time is lost from the live data. */
const lostAge = ({ id }: Backup, moment: Chosen | null, now: string): string => {
  if (!moment) return ageText(id, now)
  if (moment.reaches !== null) return ageSince(moment.reaches, now)
  return moment.goesOn ? 'moment' : 'time since that log ends'
}
