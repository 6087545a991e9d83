import { StringDecoder } from 'node:string_decoder'
import type { Context } from './context.ts'
import { valueBytesMax } from '../app/limits.ts'
import { exitCodes } from './exit.ts'
import { Problem } from '../problem/problem.ts'
import { utf8 } from '../io/host/files/utf8.ts'
import { bracketedPaste, nothingTyped, takeTyped } from './typed.ts'

/** Some more than a value may have, so that one that is too long is told apart from a flood. */
const stdinBytesMax = 2 * valueBytesMax

/**
 * A value for a verb such as `secrets set`, from stdin, or asked for without showing it. Never from the command line, which every user
 * of the machine can read. The line break at the end of what is piped in is not part of the value,
 * unless `exact` says so.
 */
export const readValue = async (
  context: Pick<Context, 'terminal'>,
  name: string,
  { verb, exact = false }: { verb: string; exact?: boolean },
): Promise<string> => {
  if (process.stdin.isTTY) {
    if (context.terminal.asks) return askHidden(`Value of ${name} (not shown): `)
    throw noValue(name, verb)
  }
  const parts: Buffer[] = []
  let length = 0
  for await (const part of process.stdin) {
    parts.push(part as Buffer)
    length += (part as Buffer).length
    if (length > stdinBytesMax) break
  }
  const text = utf8(Buffer.concat(parts))
  if (text === null) throw notText(name)
  return exact ? text : text.replace(/\r?\n$/, '')
}

/** Reads a value from the terminal without its echo. Ctrl-C ends the program. */
const askHidden = (question: string): Promise<string> =>
  new Promise((resolve) => {
    const { stdin, stderr } = process
    const decoder = new StringDecoder('utf8')
    let typed = nothingTyped
    const take = (part: Buffer) => {
      typed = takeTyped(typed, decoder.write(part))
      if (typed.state === 'typing') return
      stdin.off('data', take)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write(`${bracketedPaste.off}\n`)
      if (typed.state === 'interrupted') process.exit(exitCodes.interrupted)
      resolve(typed.text)
    }
    stderr.write(bracketedPaste.on + question)
    stdin.setRawMode(true)
    stdin.on('data', take)
    stdin.resume()
  })

const noValue = (name: string, verb: string) =>
  new Problem({
    code: 'cli/no-value',
    summary: 'There is no value, and no terminal to ask for it on.',
    detail: `The value of \`${name}\` is read from stdin.`,
    fix: [`zarpe ${verb} ${name} < file`],
  })

const notText = (name: string) =>
  new Problem({
    code: 'secrets/unusable',
    summary: 'This cannot be the value of a variable; nothing was changed.',
    detail: `What came on stdin for \`${name}\` is not UTF-8 text.`,
    fix: ['Encode it, for example as base64, or make it a file secret.'],
  })
