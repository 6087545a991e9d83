import type { ProblemData } from '../../problem/problem.ts'
import { references } from '../evaluate.ts'
import { generatorFate, generators, itemDecorators, rootDecorators } from './features.ts'
import { refusedFeature, syntax, unknownDecorator } from '../problems.ts'
import type { Decorator, Sheet } from './sheet.ts'

/** What the header says about the whole file. */
export type Root = {
  environmentVariable: string | null
  named: [string, Decorator['place']][]
  required: 'infer' | boolean
  /** null: the file does not say; a name tells then. */
  sensitive: boolean | null
  publicPrefix: string | null
  hasPlugins: boolean
}

/** Reads the header; mistakes and what is set aside go into the two lists. */
export const rootOf = (sheet: Sheet, problems: ProblemData[], notes: string[]): Root => {
  const root: Root = {
    environmentVariable: null,
    named: [],
    required: 'infer',
    sensitive: null,
    publicPrefix: null,
    hasPlugins: sheet.root.some(({ name }) => name === 'plugin'),
  }
  for (const decorator of sheet.stray)
    notes.push(
      `${decorator.place.file}:${decorator.place.line}: @${decorator.name} stands above no variable and is set aside`,
    )
  for (const decorator of sheet.root) {
    const { name, value, place } = decorator
    const known = Object.hasOwn(rootDecorators, name) ? rootDecorators[name] : undefined
    const fate = generators.test(name) ? generatorFate : known
    const off = name === 'disable' && value.is === 'text' && value.text === 'false'
    if (!fate) unknownRoot(decorator, root.hasPlugins, problems, notes)
    else if (fate.fate === 'refused' && !off) problems.push(refusedFeature(name, fate.why, place))
    else if (fate.fate === 'set aside')
      notes.push(`${place.file}:${place.line}: @${name} is set aside: ${fate.why}`)
    else if (!off) applyRoot(root, decorator, problems)
  }
  return root
}

const unknownRoot = (
  { name, place }: Decorator,
  hasPlugins: boolean,
  problems: ProblemData[],
  notes: string[],
) => {
  if (hasPlugins)
    notes.push(`${place.file}:${place.line}: @${name} is set aside: it may be a plugin's`)
  else
    problems.push(
      unknownDecorator(
        name,
        place,
        Object.hasOwn(itemDecorators, name)
          ? 'stands in the header, but belongs to a variable: no blank line or divider may come between'
          : 'is not known',
      ),
    )
}

const applyRoot = (root: Root, { name, value, place }: Decorator, problems: ProblemData[]) => {
  const text = value.is === 'text' ? value.text : null
  const bad = (expected: string) => problems.push(syntax(`@${name} must be ${expected}`, place))
  if (name === 'currentEnv' || name === 'envFlag') {
    const named = name === 'envFlag' && text !== null ? text : references(value)[0]
    if (named === undefined) return bad('a variable such as $APP_ENV')
    root.environmentVariable = named
    root.named.push([named, place])
    return undefined
  }
  if (name === 'defaultRequired') {
    if (text === 'infer') root.required = 'infer'
    else if (text === 'true' || text === 'false') root.required = text === 'true'
    else return bad('true, false or infer')
    return undefined
  }
  if (text === 'true' || text === 'false') root.sensitive = text === 'true'
  else if (
    value.is === 'call' &&
    value.name === 'inferFromPrefix' &&
    value.args[0]?.is === 'text'
  ) {
    root.sensitive = true
    root.publicPrefix = value.args[0].text
  } else return bad('true, false or inferFromPrefix(…)')
  return undefined
}
