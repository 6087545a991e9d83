import type { Command } from 'commander'
import { action, type Context } from '../cli/context.ts'
import { exitCodes } from '../cli/exit.ts'
import type { Wire } from '../io/wire/wire.ts'
import { withServer } from '../release/session.command.ts'
import {
  consoleInput,
  consoleOutput,
  type ConsoleParams,
  consoleSize,
  openConsole,
} from './methods.ts'

/** `zarpe exec` and `zarpe run`. */
export const addConsole = (program: Command) => {
  const verbs = [
    ['exec', 'run a command inside a running task of a service'],
    ['run', 'run a command once, in a container of its own like the service’s'],
  ] as const
  for (const [where, description] of verbs)
    program
      .command(where)
      .argument('<service>', 'a service of the Compose file')
      .argument('<command...>', 'the command; put -- before it')
      .description(description)
      .addHelpText(
        'after',
        [
          "\nExits with the command's own code. Input can be piped in. It goes on to its end on the server if the connection is lost.",
          `\nExamples:\n  zarpe ${where} web -- sh\n  zarpe ${where} web -- node --version`,
        ].join('\n'),
      )
      .action(
        action(async (context, service: string, command: string[]) => {
          await withServer(context, async ({ connection, project }) => {
            process.exitCode = await converse(context, connection.wire, {
              project,
              service,
              command,
              where,
              terminal: sizeOf(),
            })
          })
        }),
      )
}

/** A terminal is asked for only when both ends of this program are one. */
const sizeOf = () =>
  process.stdin.isTTY && process.stdout.isTTY
    ? { rows: process.stdout.rows, columns: process.stdout.columns }
    : null

const converse = async (context: Context, wire: Wire, params: ConsoleParams): Promise<number> => {
  // The command may print for ever, and how it would have ended nobody knows.
  context.terminal.whenUnread(() => process.exit(exitCodes.unread))
  wire.onNotice(consoleOutput, ({ from, data }) => {
    const bytes = Buffer.from(data, 'base64')
    if (context.terminal.json)
      context.terminal.emit({ type: 'output', from, text: bytes.toString('utf8') })
    else process[from].write(bytes)
  })
  const onData = (data: Buffer) => wire.tell(consoleInput, { data: data.toString('base64') })
  const onEnd = () => wire.tell(consoleInput, { end: true })
  const onResize = () =>
    wire.tell(consoleSize, { rows: process.stdout.rows, columns: process.stdout.columns })
  if (params.terminal) process.stdin.setRawMode(true)
  process.stdin.on('data', onData).on('end', onEnd)
  process.stdout.on('resize', onResize)
  try {
    return (await wire.call(openConsole, params)).exitCode
  } finally {
    if (params.terminal) process.stdin.setRawMode(false)
    process.stdin.off('data', onData).off('end', onEnd).pause()
    process.stdout.off('resize', onResize)
  }
}
