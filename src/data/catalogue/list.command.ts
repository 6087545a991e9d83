import type { Command } from 'commander'
import { action } from '../../cli/context.ts'
import { contentsLines } from './contents.ts'
import { chosenBackup } from '../restore/restore.plan.ts'
import { localStore } from '../model.ts'
import { readManifestMethod } from '../methods.ts'
import { backupLines, catalogueLines, storeLines } from './render.ts'
import { withDataSession } from '../session.command.ts'
import { stateOf, storesOf } from './state.ts'

/** `zarpe backup list` and `show`. */
export const addList = (backup: Command) => {
  backup
    .command('list')
    .option('--dataset <name>', 'of this data alone')
    .description('every backup with its state, and how old the last proven one is')
    .addHelpText(
      'after',
      '\nExamples:\n  zarpe backup list\n  zarpe backup list --dataset main --json',
    )
    .action(
      action(async (context, options: { dataset?: string }) => {
        await withDataSession(context, async ({ observed }) => {
          const { terminal } = context
          const backups = observed.backups.filter(
            ({ dataset }) => options.dataset === undefined || dataset === options.dataset,
          )
          for (const each of backups)
            terminal.emit({ type: 'backup', state: stateOf(each), ...each })
          for (const each of observed.archives) terminal.emit({ type: 'archive', ...each })
          for (const line of catalogueLines({ ...observed, backups })) terminal.print(line)
          for (const line of observed.configured ? storeLines(observed.configured) : [])
            terminal.print(terminal.printed.dim(line))
          terminal.emit({ type: 'result', outcome: 'listed', backups: backups.length })
        })
      }),
    )
  backup
    .command('show')
    .argument('<backup>', 'its name')
    .description('one backup: what it holds, where its copies are, how its proof went')
    .addHelpText('after', '\nExample:\n  zarpe backup show main-20260131T030000Z')
    .action(
      action(async (context, id: string) => {
        await withDataSession(context, async ({ observed, connection, project }) => {
          const found = chosenBackup(observed, id, undefined)
          const { terminal } = context
          terminal.emit({ type: 'backup', state: stateOf(found), ...found })
          for (const line of backupLines(found, observed.now)) terminal.print(line)
          const lines = storesOf(found).includes(localStore)
            ? contentsLines(
                (await connection.wire.call(readManifestMethod, { project, id })).contents,
              )
            : []
          for (const line of lines) terminal.print(line)
          terminal.emit({ type: 'result', outcome: 'shown' })
        })
      }),
    )
}
