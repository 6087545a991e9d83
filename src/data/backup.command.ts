import type { Command } from 'commander'
import { addAsides } from './restore/aside.command.ts'
import { addDrill } from './drill/drill.command.ts'
import { addExtract } from './extract/extract.command.ts'
import { addFind } from './catalogue/find.command.ts'
import { addList } from './catalogue/list.command.ts'
import { addNow } from './backup/now.command.ts'
import { addRestore } from './restore/restore.command.ts'

const backupHelp = `
Examples:
  zarpe backup now
  zarpe backup list
  zarpe backup restore --dry-run
  zarpe backup extract public.orders --to orders.sql
  zarpe backup restore main-20260131T030000Z`

/** `zarpe backup …`. */
export const addBackup = (program: Command) => {
  const backup = program
    .command('backup')
    .description('backups that are restored and counted before they are called so')
    .addHelpText('after', backupHelp)
  for (const add of [addNow, addList, addRestore, addExtract, addAsides, addFind, addDrill])
    add(backup)
}
