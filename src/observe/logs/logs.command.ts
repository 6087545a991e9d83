import type { Command } from 'commander'
import { action } from '../../cli/context.ts'
import { heedingCtrlC } from '../../cli/ctrl-c.ts'
import { exitCodes } from '../../cli/exit.ts'
import type { Terminal } from '../../cli/terminal.ts'
import type { Wire } from '../../io/wire/wire.ts'
import { colouredText } from '../../problem/plain.ts'
import { Problem } from '../../problem/problem.ts'
import { inspectProject } from '../../release/methods.ts'
import { withServer } from '../../release/session.command.ts'
import { type LogLine, logLines, type LogQuery, readLogs } from './methods.ts'
import { sinceOf } from './since.ts'
import { unknownIn } from './unknown.ts'

type Options = { follow?: boolean; since?: string; grep?: string; release?: string; lines: string }

const help = `
Times are in UTC; --since takes another zone too: 2026-01-31T12:00+01:00.

Examples:
  zarpe logs web -f
  zarpe logs --since 1h --grep "ERROR|WARN"
  zarpe logs web --release 42`

/** `zarpe logs [service]`. */
export const addLogs = (program: Command) => {
  program
    .command('logs')
    .argument('[service]', 'a service of the Compose file (default: all of them)')
    .option('-f, --follow', 'go on with new lines until Ctrl-C')
    .option('--since <when>', 'a duration such as 10m, or a time in UTC such as 2026-01-31T12:00')
    .option('--grep <pattern>', 'only lines that match this regular expression')
    .option('--release <number>', 'only this release, also one that failed and is gone')
    .option('-n, --lines <count>', 'how many of the last lines', '200')
    .description('what the services printed, also of releases that are gone')
    .addHelpText('after', help)
    .action(
      action(async (context, service: string | undefined, options: Options) => {
        const query = {
          service: service ?? null,
          release: options.release ? countOf(options.release, '--release') : null,
          sinceMs: options.since ? sinceOf(options.since, Date.now()) : null,
          grep: options.grep ?? null,
          lines: countOf(options.lines, '--lines'),
          follow: options.follow ?? false,
        }
        await withServer(context, async ({ connection, project }) => {
          // A reader that has seen enough, such as `head`, is no failure.
          context.terminal.whenUnread(() => process.exit(exitCodes.ok))
          const asked = { ...query, project }
          // What cannot be is not waited for.
          if (query.follow) await refuseUnknown(connection.wire, asked)
          connection.wire.onNotice(logLines, (lines) => {
            for (const line of lines) printLine(context.terminal, line, service !== undefined)
          })
          const { count } = await heedingCtrlC(
            () => process.exit(exitCodes.interrupted),
            () => connection.wire.call(readLogs, asked),
          )
          if (count > 0) return
          await refuseUnknown(connection.wire, asked)
          context.terminal.say('No lines match.')
        })
      }),
    )
}

/** A service or a release that is in no record and of which there is no line is a mistake. */
const refuseUnknown = async (wire: Wire, asked: LogQuery) => {
  const { project, service, release } = asked
  if (service === null && release === null) return
  const what = { project, references: [], images: [] }
  const { observed } = await wire.call(inspectProject, what)
  const unknown = unknownIn(observed, asked)
  if (!unknown) return
  const everything = { ...asked, sinceMs: null, grep: null, lines: 1, follow: false }
  // Nothing is heard of these lines: whoever prints them is not listening yet, or there was none.
  wire.onNotice(logLines, () => undefined)
  const { count } = await wire.call(readLogs, everything)
  if (count === 0) throw unknown
}

const printLine = (terminal: Terminal, line: LogLine, single: boolean) => {
  terminal.emit({ type: 'log', ...line })
  const who = single ? line.container.slice(0, 4) : `${line.service}.${line.container.slice(0, 4)}`
  terminal.print(
    `${terminal.printed.dim(`${line.at.slice(0, 19)}Z ${who} r${line.release} |`)} ${colouredText(line.text)}`,
  )
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
