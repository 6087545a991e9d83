import type { Command } from 'commander'
import { action } from '../../cli/context.ts'
import { planFind } from './find.plan.ts'
import { unwrap } from '../backup/key.command.ts'
import { lookIntoStore } from '../methods.ts'
import type { Keys } from '../model.ts'
import { perform, requireConfigured, withDataSession } from '../session.command.ts'

/** `zarpe backup find <store>`. */
export const addFind = (backup: Command) => {
  backup
    .command('find')
    .argument('<store>', 'a store of zarpe.yml')
    .description('learn what a store has: on a new server, the backups of the old one')
    .addHelpText(
      'after',
      '\nA server that was lost: set up a new one, deploy, find its backups, restore.\n\nExamples:\n  zarpe backup find storagebox\n  zarpe backup restore',
    )
    .action(
      action(async (context, store: string) => {
        await withDataSession(context, async (session) => {
          requireConfigured(session)
          const { connection, project, title } = session
          const found = await connection.wire.call(lookIntoStore, { project, store })
          const keys: Keys = {}
          for (const { id, encrypted, known, header } of found)
            if (encrypted && !known) keys[id] = await unwrap(header, id)
          const plan = planFind(project, store, found, keys, `backups of ${title} in ${store}`)
          await perform(context, session, plan, `Add them to what the server knows?`)
        })
      }),
    )
}
