import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Problem } from '../problem/problem.ts'
import type { Context } from './context.ts'

/** Most that is read of a value from stdin; a longer one cannot be handed to a program. */
const valueBytesMax = 1024 * 1024

/**
 * A value that must not be seen: asked for without an echo on a terminal, else read from stdin to its
 * end. One line break at the end belongs to whatever printed it, not to the value.
 */
export const readHidden = async (context: Context, question: string): Promise<string> => {
  const text = process.stdin.isTTY ? await askHidden(context, question) : await readStdin()
  return text.replace(/\r?\n$/, '')
}

const readStdin = async (): Promise<string> => {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of process.stdin) {
    length += (part as Buffer).length
    if (length > valueBytesMax) throw tooLong()
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString('utf8')
}

const askHidden = async (context: Context, question: string): Promise<string> => {
  if (!context.terminal.asks) throw notAsked(question)
  process.stderr.write(`${question}: `)
  const silent = new Writable({ write: (_part, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await reader.question('').catch(() => {
      throw declined()
    })
  } finally {
    reader.close()
    process.stderr.write('\n')
  }
}

const notAsked = (question: string) =>
  new Problem({
    code: 'cli/needs-input',
    summary: 'A value is needed and there is no terminal to ask on.',
    detail: `${question}: it is read from stdin when stdin is no terminal.`,
    fix: ['Pipe it in: … | zarpe env set <name>'],
  })

const tooLong = () =>
  new Problem({
    code: 'cli/input-too-long',
    summary: 'What was piped in is too long for a value.',
    detail: `More than ${valueBytesMax} bytes came; no environment variable can hold them.`,
    fix: ['Put it into a file that the app reads.'],
  })

const declined = () =>
  new Problem({
    code: 'cli/declined',
    summary: 'Nothing was done.',
    detail: 'No value was given.',
    fix: [],
  })
