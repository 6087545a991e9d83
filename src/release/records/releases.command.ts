import type { Command } from 'commander'
import { action } from '../../cli/context.ts'
import { tableLines } from '../../cli/table.ts'
import { publicPart, releaseRow } from './render.ts'
import { withProject } from '../session.command.ts'

/** `zarpe releases`. */
export const addReleases = (program: Command) => {
  program
    .command('releases')
    .description('list the releases kept on the server: when, who, which revision, what changed')
    .addHelpText('after', '\nExamples:\n  zarpe releases\n  zarpe releases --json')
    .action(
      action(async (context) => {
        await withProject(context, async ({ observed }) => {
          for (const release of observed.releases)
            context.terminal.emit({ type: 'release', ...publicPart(release) })
          const current = observed.current
          context.terminal.emit({ type: 'result', current, count: observed.releases.length })
          const rows = observed.releases.toReversed().map(releaseRow)
          for (const line of tableLines(
            ['release', 'state', 'when', 'who', 'revision', 'what'],
            rows,
          ))
            context.terminal.print(line)
          if (rows.length === 0)
            context.terminal.say('No release yet. To make the first: zarpe deploy')
        })
      }),
    )
}
