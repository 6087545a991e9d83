import type { Command } from 'commander'
import { action } from '../../cli/context.ts'
import { basisOf } from '../../release/basis.ts'
import { inspectProject } from '../../release/methods.ts'
import { asidePlan, chosenAside, kindOfAside } from './aside.plan.ts'
import { asideLines } from '../catalogue/render.ts'
import { restoreWords } from './restore-words.ts'
import { perform, withDataSession } from '../session.command.ts'

/** `zarpe backup asides`, `undo` and `discard`: what restores have put aside. */
export const addAsides = (backup: Command) => {
  backup
    .command('asides')
    .description('data that restores have put aside')
    .addHelpText('after', '\nExamples:\n  zarpe backup asides\n  zarpe backup asides --json')
    .action(
      action(async (context) => {
        await withDataSession(context, async ({ observed }) => {
          const { terminal } = context
          for (const aside of observed.asides) terminal.emit({ type: 'aside', ...aside })
          for (const line of asideLines(observed)) terminal.print(line)
          terminal.emit({ type: 'result', outcome: 'listed', asides: observed.asides.length })
        })
      }),
    )
  for (const act of ['undo', 'discard'] as const)
    backup
      .command(act)
      .argument(
        '[aside]',
        `its name (default: ${act === 'undo' ? 'what was replaced last' : 'the only one'})`,
      )
      .description(
        act === 'undo'
          ? 'put what a restore has put aside back in its place'
          : 'remove what a restore has put aside',
      )
      .addHelpText(
        'after',
        `\nThe names: zarpe backup asides\n\nExamples:\n  zarpe backup ${act}\n  zarpe backup ${act} <aside> --yes`,
      )
      .action(
        action(async (context, name: string | undefined) => {
          await withDataSession(context, async (session) => {
            const { connection, project, observed, title } = session
            const { observed: server } = await connection.wire.call(inspectProject, {
              project,
              references: [],
              images: [],
            })
            const aside = chosenAside(act, observed, name)
            const kind = kindOfAside(observed, aside)
            const words = restoreWords(kind)
            const plan = asidePlan(act, aside, words, {
              project,
              basis: basisOf(server),
              title,
              kind,
            })
            await perform(context, session, plan, `Do this on ${title}?`)
          })
        }),
      )
}
