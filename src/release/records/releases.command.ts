import type { Command } from 'commander'
import { action } from '../../cli/context.ts'
import { tableLines } from '../../cli/table.ts'
import { minuteOf } from '../../problem/minute.ts'
import type { Release } from '../model.ts'
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
          const rows = observed.releases.toReversed().map(rowOf)
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

/** The record without specs, which hold the values of the environment, and without what is the edge's. */
const publicPart = ({ services, edge: _alsoHidden, ...release }: Release) => ({
  ...release,
  services: services.map(({ spec: _hidden, ...service }) => service),
})

const rowOf = (release: Release) => [
  String(release.number),
  release.state,
  minuteOf(release.createdAt),
  release.by,
  release.git ? `${release.git.revision.slice(0, 7)}${release.git.dirty ? '+' : ''}` : '–',
  whatOf(release),
]

const whatOf = (release: Release) => {
  const back = release.rollbackTo === null ? [] : [`back to ${release.rollbackTo}`]
  const problem = release.problem ? [`failed: ${release.problem.slice(0, 80)}`] : []
  return [...back, ...problem, ...(problem.length > 0 ? [] : release.changes)].join('; ') || '–'
}
