import { evaluate, type Scope, unevaluated } from '../evaluate.ts'
import type { Node } from '../model.ts'
import { addressTypes } from './address.ts'
import { listTypes } from './list.ts'
import { numberTypes } from './number.ts'
import { secretTypes } from './secret.ts'
import { textTypes } from './text.ts'
import { timeTypes } from './time.ts'
import { type Judge, oneOf, type OptionKind, patternOf, type Use, type ValueType } from './type.ts'

/** Every type by its name. Those of Zarpe begin with `zarpe_`, so that none of varlock's is taken. */
export const types: Record<string, ValueType> = {
  ...textTypes,
  ...numberTypes,
  ...timeTypes,
  ...addressTypes,
  ...listTypes,
  ...secretTypes,
}

export const typeNamed = (name: string): ValueType | null =>
  Object.hasOwn(types, name) ? types[name]! : null

/** What is wrong with a value of a type, in words that hold nothing of it; null if it is right. */
export const judge: Judge = (value, use) => typeNamed(use.name)?.wrong(value, use, judge) ?? null

/** The type of a variable in one environment; null when its name depends on what is not evaluated. */
export const useOf = (node: Node, scope: Scope): Use | null => {
  if (node.is === 'text') return plainUse(node.text)
  if (node.is !== 'call') return null
  if (typeNamed(node.name) === null) {
    // `if(eq($APP_ENV, production), url, string)`
    const name = evaluate(node, scope)
    return typeof name === 'string' ? plainUse(name) : null
  }
  const holdsTypes = typeNamed(node.name)!.members === 'type'
  const options = Object.entries(node.named).flatMap(
    ([name, each]): [string, string | string[]][] => {
      const value = evaluate(each, scope)
      if (value === undefined) return []
      return [[name, Array.isArray(value) ? flat(value) : value]]
    },
  )
  const firstArg = node.args[0]
  return {
    name: node.name,
    members: holdsTypes ? [] : flat(node.args.map((each) => evaluate(each, scope))),
    of: holdsTypes && firstArg ? useOf(firstArg, scope) : null,
    options: Object.fromEntries(options),
  }
}

const plainUse = (name: string): Use => ({ name, members: [], of: null, options: {} })

const flat = (value: unknown[]): string[] =>
  value.flat(5).filter((each): each is string => typeof each === 'string')

/** What is wrong with a `@type` itself, wherever it will be used. */
export const typeMistakes = (node: Node): string[] => {
  const odd = unevaluatedIn(node)
  if (odd.length > 0) return [`Zarpe does not evaluate ${oneOf(odd.map((each) => `${each}()`))}`]
  if (node.is === 'text') return nameMistakes(node.text, false)
  if (node.is !== 'call') return ['a type is a name such as url or enum(a, b)']
  if (typeNamed(node.name) === null)
    return ['if', 'ifs'].includes(node.name) ? [] : nameMistakes(node.name, true)
  const type = typeNamed(node.name)!
  const options = Object.entries(node.named).flatMap(([name, each]) => {
    const option = Object.hasOwn(type.options, name) ? type.options[name] : undefined
    if (!option) return [unknownOption(node.name, name, type)]
    const wrong = wrongOption(option.kind, each)
    return wrong ? [`${node.name}(${name}=…) must be ${wrong}`] : []
  })
  return [...options, ...memberMistakes(node, type)]
}

/** Functions in a type that are neither types nor evaluated. */
const unevaluatedIn = (node: Node) => unevaluated(node).filter((name) => !looksLikeType(name))
const looksLikeType = (name: string) => typeNamed(name) !== null || name.startsWith('zarpe_')

const nameMistakes = (name: string, called: boolean): string[] => {
  if (typeNamed(name) === null)
    return [`there is no type ${called ? `${name}()` : name}${closeTo(name)}`]
  return typeNamed(name)!.members === 'values' && !called
    ? [`${name} needs its values: ${name}(a, b)`]
    : []
}

const memberMistakes = (node: Node & { is: 'call' }, type: ValueType): string[] => {
  if (type.members === 'type') {
    if (node.args.length > 1) return [`${node.name} takes one type of elements`]
    return node.args[0] ? typeMistakes(node.args[0]) : []
  }
  if (type.members === 'values')
    return node.args.length === 0 ? [`${node.name} needs its values: ${node.name}(a, b)`] : []
  return node.args.length > 0 ? [`${node.name} takes only options with a name, as name=value`] : []
}

const unknownOption = (type: string, name: string, { options }: ValueType) => {
  const known = Object.keys(options)
  return `${type} has no option ${name}; ${known.length > 0 ? `it has ${known.join(', ')}` : 'it has none'}`
}

/** What an option should have been; null if it is right, or will only be known later. */
const wrongOption = (kind: OptionKind, node: Node): string | null => {
  if (kind === 'type') return typeMistakes(node)[0] ?? null
  if (kind === 'list') return node.is === 'record' ? 'a list as [a, b]' : null
  if (kind === 'pattern' && node.is === 'call' && node.name === 'regex') {
    const pattern = node.args[0]
    const right = pattern?.is === 'text' && patternOf(pattern.text) !== null
    return right ? null : 'a regular expression'
  }
  if (node.is === 'call') return null
  if (node.is !== 'text') return 'a single value'
  const right = {
    number: /^-?\d+(\.\d+)?$/.test(node.text),
    boolean: /^(true|false)$/.test(node.text),
    pattern: kind !== 'pattern' || patternOf(node.text) !== null,
    duration: /^\d/.test(node.text),
    text: true,
  }[kind]
  const what = { number: 'a number', boolean: 'true or false', pattern: 'a regular expression' }
  return right ? null : (what[kind as keyof typeof what] ?? 'a duration such as 30s')
}

/** ` (did you mean …?)`, for a name that differs little. */
const closeTo = (name: string): string => {
  const bare = (each: string) => each.replace(/^zarpe_/, '').toLowerCase()
  const close = Object.keys(types).find(
    (each) => bare(each) === bare(name) || bare(each) === bare(name).replace(/s$|url$/, ''),
  )
  return close ? `; did you mean ${close}?` : '; docs/reference/contract.md lists them'
}
