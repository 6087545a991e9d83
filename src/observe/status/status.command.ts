import type { Command } from 'commander'
import { exitCodes } from '../../cli/exit.ts'
import { action } from '../../cli/context.ts'
import { withServer } from '../../release/session.command.ts'
import { readStatus } from './methods.ts'
import { statusLines } from './render.ts'
import { reportOf } from './report.ts'

/** `zarpe status`. */
export const addStatus = (program: Command) => {
  program
    .command('status')
    .description('what should run beside what does: releases, health, drift, certificates, disk')
    .addHelpText(
      'after',
      '\nExits 0 when all is as wanted, 1 when it is not.\n\nExamples:\n  zarpe status\n  zarpe status --json',
    )
    .action(
      action(async (context) => {
        await withServer(context, async ({ connection, project, title }) => {
          const report = reportOf(await connection.wire.call(readStatus, { project }))
          context.terminal.emit({ type: 'status', ...report })
          for (const line of statusLines(report, title, context.terminal.printed))
            context.terminal.print(line)
          if (!report.ok) process.exitCode = exitCodes.failed
        })
      }),
    )
}
