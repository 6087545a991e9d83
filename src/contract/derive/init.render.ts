import type { Found } from './found.ts'
import { guessType, isRight } from './guess.ts'

/** How many of the files that have a variable are named above it. */
const filesMax = 3

/** A first `.env.schema`. Types are guesses; no value is written but examples that are committed already. */
export const initialContract = (
  found: Found[],
): string => `# What each variable of the environment must be. The values are in .env.<environment>, never here.
# Types, requirements and secrets were guessed from names, examples and code: read them through.
# Every type: docs/reference/contract.md
#
# @defaultRequired=false @defaultSensitive=false
# ---

${found.map(variableLines).join('\n')}`

/** Whether nothing but a value tells that a list is JSON: the value may be the mistake. */
export const isFormFromValue = (each: Found): boolean =>
  !each.form && (guessType(each).type ?? '').includes('format=json') && !each.example?.trim()

const variableLines = (each: Found): string => {
  const guess = guessType(each)
  // Neither a decorator nor a divider may come of somebody's prose.
  const description = oneLine(each.description).replace(/^[\s@=-]+/, '')
  const decorators = [
    ...(each.needed ? ['@required'] : []),
    ...(guess.sensitive ? ['@sensitive'] : []),
    ...(guess.type ? [`@type=${guess.type}`] : []),
    ...(guess.sensitive || !each.example ? [] : exampleOf(each.example, guess.type)),
  ]
  const shaky = isFormFromValue(each)
    ? [
        '# JSON because its value here is: if the app reads a,b, remove format=json and correct the value.',
      ]
    : []
  const files = each.files.slice(0, filesMax).join(', ')
  const more = each.files.length > filesMax ? ` and ${each.files.length - filesMax} more` : ''
  return [
    ...(description ? [`# ${description}`] : []),
    `# In ${oneLine(files)}${more}.`,
    ...shaky,
    ...(decorators.length > 0 ? [`# ${decorators.join(' ')}`] : []),
    `${each.name}=`,
    '',
  ].join('\n')
}

/** A committed example, unless its own type would refuse it. */
const exampleOf = (example: string, type: string | null): string[] =>
  /['\\\r\n]/.test(example) || (type !== null && !isRight(type, example))
    ? []
    : [`@example='${example}'`]

const oneLine = (text: string) => text.replaceAll(/[\r\n]+/g, ' ').slice(0, 160)
