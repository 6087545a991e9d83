import { createInterface } from 'node:readline/promises'
import { Problem } from '../problem/problem.ts'
import type { Context } from './context.ts'

/** Asks once, of a plan that was shown. Without a terminal the answer must be the flag --yes. */
export const confirm = async (context: Context, question: string): Promise<void> => {
  if (context.options.yes) return
  if (!context.terminal.asks) throw unanswered(question)
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  try {
    // Ctrl-C and Ctrl-D end the question without an answer, which is a no.
    const answer = await reader.question(`${question} [y/N] `).catch(() => '')
    if (!/^y(es)?$/i.test(answer.trim())) throw declined()
  } finally {
    reader.close()
  }
}

const unanswered = (question: string) =>
  new Problem({
    code: 'cli/needs-yes',
    summary: 'A question needs an answer and there is no terminal to ask on.',
    detail: `The question was: ${question}`,
    fix: ['Add --yes to the command.'],
  })

const declined = () =>
  new Problem({
    code: 'cli/declined',
    summary: 'Nothing was done.',
    detail: 'The plan was not confirmed.',
    fix: [],
  })
