import { Readable } from 'node:stream'
import { vi } from 'vitest'
import { program } from '../src/cli/program.ts'

/** How a verb ended that was run with `--json`, and everything that it said on either stream. */
export type VerbResult = {
  code: number
  said: string
  events: Record<string, unknown>[]
  last: Record<string, unknown> | undefined
  /** Codes of the problems that were told. */
  codes: unknown[]
}

/** Runs a verb in this process, which is much quicker than starting one for each. */
export const runVerb = async (argv: string[], input: string | Uint8Array): Promise<VerbResult> => {
  // Each verb listens for a reader that has gone.
  for (const each of [process.stdout, process.stderr]) each.setMaxListeners(0)
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin')!
  Object.defineProperty(process, 'stdin', {
    value: Readable.from([Buffer.from(input)]),
    configurable: true,
  })
  let said = ''
  const hear = (text: unknown) => {
    said += String(text)
    return true
  }
  const streams = [process.stdout, process.stderr].map((each) =>
    vi.spyOn(each, 'write').mockImplementation(hear),
  )
  try {
    await program().parseAsync(['node', 'zarpe', ...argv])
  } finally {
    for (const stream of streams) stream.mockRestore()
    Object.defineProperty(process, 'stdin', stdin)
  }
  const code = Number(process.exitCode ?? 0)
  process.exitCode = undefined
  const events = said
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  return {
    code,
    said,
    events,
    last: events.at(-1),
    codes: events.flatMap((each) => (each['type'] === 'problem' ? [each['code']] : [])),
  }
}
