import type { ProblemData } from '../problem/problem.ts'
import { dotenvSource } from './dotenv-source.ts'
import { noValues, type SourceValues } from './source.ts'

/** How the program that gives values is called in everything that is said. */
export const programSource = (argv: string[]): string => `\`${argv.map(copyable).join(' ')}\``

/** As it can be copied into a shell. Zarpe itself starts the program without one. */
const copyable = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`

/** The values that a program printed: one JSON object of texts, or lines as in a `.env` file. */
export const valuesPrinted = (argv: string[], stdout: string): SourceValues => {
  const source = programSource(argv)
  const { problems, ...rest } = stdout.trimStart().startsWith('{')
    ? fromJson(source, stdout)
    : dotenvSource(source, stdout)
  return { ...rest, problems }
}

const usableName = /^[A-Za-z_][A-Za-z0-9_.-]*$/

const fromJson = (source: string, text: string): SourceValues => {
  const object = parse(text)
  if (object === null) return noValues(source, [notUsable(source, 'what it printed is no JSON')])
  const wrong = Object.entries(object).flatMap(([name, value]) => {
    if (!usableName.test(name))
      return [notUsable(source, 'a key of the JSON object is no usable name for a variable')]
    if (typeof value !== 'string')
      return [notUsable(source, `\`${name}\` is not a text; 1.10 and true have no one spelling`)]
    return []
  })
  if (wrong.length > 0) return noValues(source, wrong)
  return { ...noValues(source), values: object as Record<string, string> }
}

const parse = (text: string): Record<string, unknown> | null => {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    // The parser's own message quotes the text, which may be a value.
    return null
  }
}

/** Nothing of what the program printed is ever told: on either stream it may be a value. */
export const notUsable = (source: string, why: string): ProblemData => ({
  code: 'environment/bad-program',
  summary: 'The program that gives values gave none that can be used.',
  detail: `${source}: ${why}. What it printed is not shown, for it may hold values.`,
  fix: [
    `${source.slice(1, -1)}    # run it here, where only you see what it says`,
    'It must print NAME=value lines, or one JSON object of texts, and exit 0.',
  ],
})
