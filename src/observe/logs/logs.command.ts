import type { Command } from 'commander'
import { action } from '../../cli/context.ts'
import { heedingCtrlC } from '../../cli/ctrl-c.ts'
import { exitCodes } from '../../cli/exit.ts'
import type { Terminal } from '../../cli/terminal.ts'
import { parseDuration } from '../../config/units.ts'
import { colouredText } from '../../problem/plain.ts'
import { Problem } from '../../problem/problem.ts'
import { inspectProject } from '../../release/methods.ts'
import type { Observed } from '../../release/model.ts'
import { unknownService } from '../../release/problems.ts'
import { withServer } from '../../release/session.command.ts'
import { type LogLine, logLines, readLogs } from './methods.ts'

type Options = { follow?: boolean; since?: string; grep?: string; release?: string; lines: string }

/** `zarpe logs [service]`. */
export const addLogs = (program: Command) => {
  program
    .command('logs')
    .argument('[service]', 'a service of the Compose file (default: all of them)')
    .option('-f, --follow', 'go on with new lines until Ctrl-C')
    .option('--since <when>', 'a duration such as 10m, or a time such as 2026-01-31T12:00')
    .option('--grep <pattern>', 'only lines that match this regular expression')
    .option('--release <number>', 'only this release, also one that failed and is gone')
    .option('-n, --lines <count>', 'how many of the last lines', '200')
    .description('what the services printed, also of releases that are gone')
    .addHelpText(
      'after',
      '\nExamples:\n  zarpe logs web -f\n  zarpe logs --since 1h --grep "ERROR|WARN"\n  zarpe logs web --release 42',
    )
    .action(
      action(async (context, service: string | undefined, options: Options) => {
        const query = {
          service: service ?? null,
          release: options.release ? countOf(options.release, '--release') : null,
          sinceMs: options.since ? sinceOf(options.since) : null,
          grep: options.grep ?? null,
          lines: countOf(options.lines, '--lines'),
          follow: options.follow ?? false,
        }
        await withServer(context, async ({ connection, project }) => {
          // A reader that has seen enough, such as `head`, is no failure.
          context.terminal.whenUnread(() => process.exit(exitCodes.ok))
          connection.wire.onNotice(logLines, (lines) => {
            for (const line of lines) printLine(context.terminal, line, service !== undefined)
          })
          const { count } = await heedingCtrlC(
            () => process.exit(exitCodes.interrupted),
            () => connection.wire.call(readLogs, { ...query, project }),
          )
          if (count > 0) return
          const { observed } = await connection.wire.call(inspectProject, {
            project,
            references: [],
            images: [],
          })
          refuseUnknown(service, observed)
          context.terminal.say('No lines match.')
        })
      }),
    )
}

/** A service that never printed and is in no release is a mistake in its name. */
const refuseUnknown = (service: string | undefined, { releases }: Observed) => {
  const names = [...new Set(releases.flatMap((each) => each.services.map((one) => one.service)))]
  if (service === undefined || names.includes(service)) return
  throw unknownService(service, names)
}

const printLine = (terminal: Terminal, line: LogLine, single: boolean) => {
  terminal.emit({ type: 'log', ...line })
  const who = single ? line.container.slice(0, 4) : `${line.service}.${line.container.slice(0, 4)}`
  terminal.print(
    `${terminal.dim(`${line.at.slice(0, 19)} ${who} r${line.release} |`)} ${colouredText(line.text)}`,
  )
}

const sinceOf = (text: string): number => {
  const duration = parseDuration(text)
  const time = duration === null ? Date.parse(text) : Date.now() - duration
  if (!Number.isNaN(time)) return time
  throw new Problem({
    code: 'config/bad-time',
    summary: 'A time could not be understood.',
    detail: `--since ${JSON.stringify(text)} is neither a duration nor a time.`,
    fix: ['--since 10m', '--since 2026-01-31T12:00'],
  })
}

const countOf = (text: string, option: string): number => {
  if (/^r?\d{1,7}$/.test(text)) return Number(text.replace('r', ''))
  throw new Problem({
    code: 'config/bad-number',
    summary: 'A number could not be understood.',
    detail: `${option} ${JSON.stringify(text)} is not a whole number.`,
    fix: [`${option} 100`],
  })
}
