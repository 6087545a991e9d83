import type { ProblemData } from '../../problem/problem.ts'
import { references, unevaluated } from '../evaluate.ts'
import { itemDecorators, rootDecorators } from './features.ts'
import { type Root, rootOf } from './header.ts'
import { type Contract, type Node, textNode, type Variable } from '../model.ts'
import {
  badType,
  notEvaluated,
  secretDefault,
  syntax,
  twice,
  unknownDecorator,
} from '../problems.ts'
import { type Decorator, type Item, readSheet } from './sheet.ts'
import { isWritten, sensitivityOf } from './sensitive.ts'
import { typeMistakes, typeNamed } from '../types/table.ts'

export type ParsedContract = { contract: Contract; problems: ProblemData[] }

/**
 * Reads a `.env.schema`: the @env-spec comment syntax that varlock established. Never throws; tells
 * every mistake, and in `contract.notes` every feature that has no effect here.
 */
export const parseContract = (file: string, text: string): ParsedContract => {
  const sheet = readSheet(file, text)
  const problems = sheet.wrong.map((wrong) => syntax(wrong.text, wrong.place))
  const notes: string[] = []
  const root = rootOf(sheet, problems, notes)
  const lines = new Map<string, number>()
  const variables = sheet.items.flatMap((item) => {
    const before = lines.get(item.name)
    if (before !== undefined) problems.push(twice(item.name, before, item.place))
    lines.set(item.name, before ?? item.place.line)
    const variable = variableOf(item, root, problems, notes)
    return before === undefined ? [variable] : []
  })
  const declared = new Set(variables.map(({ name }) => name))
  for (const [name, place] of root.named)
    if (!declared.has(name))
      problems.push(syntax(`@currentEnv names ${name}, which the contract does not have`, place))
  problems.push(...unknownReferences(variables, declared))
  const inOrder = problems.toSorted(
    (left, right) => (left.place?.line ?? 0) - (right.place?.line ?? 0),
  )
  return {
    contract: { file, environmentVariable: root.environmentVariable, variables, notes },
    problems: inOrder,
  }
}

const variableOf = (item: Item, root: Root, problems: ProblemData[], notes: string[]): Variable => {
  const of = (name: string) => item.decorators.findLast((each) => each.name === name)
  judgeDecorators(item, root, problems, notes)
  const type = typeOf(item, of('type'), root, problems, notes)
  const sensitivity = sensitivityOf(item, of, type, root)
  if (sensitivity.is && item.value !== null && isWritten(item.value) && sensitivity.certain)
    problems.push(secretDefault(item.name, item.place))
  const docs = item.decorators
    .filter(({ name }) => name === 'docs' || name === 'docsUrl')
    .flatMap(({ value }) => {
      const last = value.is === 'call' ? value.args.at(-1) : value
      return last?.is === 'text' ? [last.text] : []
    })
  const example = of('example')?.value
  return {
    name: item.name,
    place: item.place,
    type,
    required: requiredOf(item, of, root, problems),
    sensitive: sensitivity.is,
    surely: sensitivity.certain,
    default: item.value,
    description: item.prose.join(' '),
    docs,
    example: example?.is === 'text' ? example.text : null,
  }
}

const judgeDecorators = (item: Item, root: Root, problems: ProblemData[], notes: string[]) => {
  for (const { name, place } of item.decorators) {
    const fate = Object.hasOwn(itemDecorators, name) ? itemDecorators[name] : undefined
    if (fate?.fate === 'set aside')
      notes.push(`${place.file}:${place.line}: @${name} is set aside: ${fate.why}`)
    if (fate) continue
    if (root.hasPlugins && !Object.hasOwn(rootDecorators, name))
      notes.push(`${place.file}:${place.line}: @${name} is set aside: it may be a plugin's`)
    else
      problems.push(
        unknownDecorator(
          name,
          place,
          Object.hasOwn(rootDecorators, name)
            ? `belongs into the header: put a blank line or "# ---" between it and ${item.name}`
            : 'is not known',
        ),
      )
  }
}

const typeOf = (
  item: Item,
  decorator: Decorator | undefined,
  root: Root,
  problems: ProblemData[],
  notes: string[],
): Node => {
  if (!decorator) return inferredType(item.value)
  const mistakes = typeMistakes(decorator.value)
  if (mistakes.length === 0) return decorator.value
  const { place, value } = decorator
  const named = value.is === 'text' ? value.text : value.is === 'call' ? value.name : ''
  if (root.hasPlugins && typeNamed(named) === null)
    notes.push(`${place.file}:${place.line}: the type ${named} is set aside: it may be a plugin's`)
  else problems.push(...mistakes.map((mistake) => badType(item.name, mistake, place)))
  return textNode('string')
}

/** As varlock infers it: only from what stands there without quotes. */
const inferredType = (value: Node | null): Node => {
  if (value?.is === 'list') return textNode('array')
  if (value?.is === 'record') return textNode('record')
  if (value?.is !== 'text' || value.quoted) return textNode('string')
  if (value.text === 'true' || value.text === 'false') return textNode('boolean')
  const number = Number(value.text)
  return value.text !== '' && Number.isFinite(number) && String(number) === value.text
    ? textNode('number')
    : textNode('string')
}

const requiredOf = (
  item: Item,
  of: (name: string) => Decorator | undefined,
  root: Root,
  problems: ProblemData[],
): Node => {
  const required = of('required')
  const optional = of('optional')
  const decorator = required ?? optional
  if (!decorator) {
    const infer = item.value !== null && !(item.value.is === 'text' && item.value.text === '')
    return textNode(String(root.required === 'infer' ? infer : root.required))
  }
  const odd = unevaluated(decorator.value)
  if (odd.length > 0) {
    const fix = 'Use true, false or forEnv(…).'
    problems.push(
      notEvaluated(`\`@${decorator.name}\` of \`${item.name}\``, odd, decorator.place, fix),
    )
    return textNode('false')
  }
  return required ? required.value : { is: 'call', name: 'not', args: [optional!.value], named: {} }
}

const unknownReferences = (variables: Variable[], declared: Set<string>): ProblemData[] =>
  variables.flatMap((variable) => {
    const nodes = [
      variable.type,
      variable.required,
      ...(variable.default ? [variable.default] : []),
    ]
    const unknown = nodes.flatMap(references).filter((name) => !declared.has(name))
    return [...new Set(unknown)].map((name) =>
      syntax(
        `\`${variable.name}\` refers to ${name}, which the contract does not have`,
        variable.place,
      ),
    )
  })
