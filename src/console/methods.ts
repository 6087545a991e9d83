import { defineMethod, defineNotice } from '../io/wire/method.ts'

export type ConsoleParams = {
  project: string
  service: string
  command: string[]
  /** `exec`: in a task that runs; `run`: in a container of its own, like the current release's. */
  where: 'exec' | 'run'
  terminal: { rows: number; columns: number } | null
}

/** Runs a command next to a service. Input and output travel as notices, base64, while it lasts. */
export const openConsole = defineMethod<ConsoleParams, { exitCode: number }>('console.open')

export const consoleInput = defineNotice<{ data: string } | { end: true }>('console.input')

export const consoleOutput = defineNotice<{ from: 'stdout' | 'stderr'; data: string }>(
  'console.output',
)

export const consoleSize = defineNotice<{ rows: number; columns: number }>('console.size')
