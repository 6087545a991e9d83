import { messageOf, problemsOf } from '../problem/problem.ts'
import type { Terminal } from './terminal.ts'

/** What the exit codes mean; the only place where a problem becomes one. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** Nothing was touched: a mistake in what was handed in. */
  input: 3,
  unreachable: 4,
  locked: 5,
  bug: 70,
  interrupted: 130,
  /** Its output was read no more before it was whole; as a shell tells a program that SIGPIPE ended. */
  unread: 141,
} as const

/** By a problem's whole code, else by its room. */
const codesOf: Record<string, number> = {
  'agent/locked': exitCodes.locked,
  'alerts/nobody': exitCodes.input,
  'cli/needs-yes': exitCodes.usage,
  'ssh/bad-target': exitCodes.input,
  'data/drill-live': exitCodes.input,
  'data/which-dataset': exitCodes.input,
  'data/no-such-backup': exitCodes.input,
  'data/no-such-aside': exitCodes.input,
  'data/no-such-table': exitCodes.input,
  'data/no-such-file': exitCodes.input,
  'data/which-table': exitCodes.input,
  'data/no-rows': exitCodes.input,
  'data/extract-how': exitCodes.input,
  'data/extract-whole': exitCodes.input,
  'host/not-new': exitCodes.input,
  'host/not-read': exitCodes.input,
  check: exitCodes.input,
  config: exitCodes.input,
  compose: exitCodes.input,
  environment: exitCodes.input,
  contract: exitCodes.input,
  secrets: exitCodes.input,
  ssh: exitCodes.unreachable,
}

/** Tells what was thrown and returns the exit code for it. */
export const report = (terminal: Terminal, thrown: unknown): number => {
  const problems = problemsOf(thrown)
  if (problems.length === 0) {
    terminal.emit({ type: 'bug', message: messageOf(thrown) })
    const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
    process.stderr.write(`This is a bug in Zarpe, not in what you did:\n${text}\n`)
    return exitCodes.bug
  }
  for (const problem of problems) terminal.problem(problem)
  return exitCodeOf(problems[0]!.code)
}

/** The exit code for a problem. */
export const exitCodeOf = (code: string): number =>
  codesOf[code] ?? codesOf[code.split('/')[0]!] ?? exitCodes.failed
