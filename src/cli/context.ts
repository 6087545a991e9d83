import type { Command } from 'commander'
import { userInfo, hostname } from 'node:os'
import { Problem } from '../problem/problem.ts'
import { absolute, statOf } from '../io/host/files/durable.ts'
import { parseTarget } from '../io/ssh/target.ts'
import { report } from './exit.ts'
import { openTerminal, type Terminal } from './terminal.ts'

/** The options that every verb has. */
export type GlobalOptions = {
  directory: string
  env?: string
  server?: string
  json: boolean
  yes: boolean
}

export type Context = { terminal: Terminal; options: GlobalOptions; folder: string; by: string }

/** In a container a process may run as a number that no account has. */
const userName = (): string => {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'somebody')
  }
}

/** Wraps a verb: opens the terminal, tells what was thrown, sets the exit code. */
export const action =
  <Args extends unknown[]>(act: (context: Context, ...args: Args) => Promise<void>) =>
  async (...all: unknown[]) => {
    const command = all.at(-1) as Command
    const options = command.optsWithGlobals<GlobalOptions>()
    const terminal = openTerminal({ json: options.json })
    const by = process.env['ZARPE_BY'] ?? `${userName()}@${hostname()}`
    const context = { terminal, options, folder: absolute(options.directory), by }
    try {
      if ((await statOf(context.folder))?.isDirectory() !== true) throw noFolder(context.folder)
      // Before anything is built for it: what ssh would take for an option is no server.
      if (options.server !== undefined) parseTarget(options.server)
      await act(context, ...(all.slice(0, -1) as Args))
    } catch (thrown) {
      process.exitCode = report(terminal, thrown)
    }
  }

const noFolder = (folder: string) =>
  new Problem({
    code: 'config/no-folder',
    summary: 'The folder does not exist.',
    detail: `--directory names ${folder}.`,
    fix: ['Correct the path behind -C.'],
  })
