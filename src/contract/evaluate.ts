import { functions } from './syntax/features.ts'
import type { Node } from './model.ts'
import { isFalsehood } from './types/text.ts'

/** What a value of the contract stands for; undefined for none. */
export type Value = string | undefined | Value[]

export type Scope = {
  /** The name of the environment, for `forEnv`. */
  environment: string
  valueOf: (name: string) => string | undefined
}

/** Names of the functions in a value that Zarpe does not evaluate. */
export const unevaluated = (node: Node): string[] => {
  if (node.is === 'text') return []
  if (node.is === 'list') return node.items.flatMap(unevaluated)
  if (node.is === 'record') return Object.values(node.entries).flatMap(unevaluated)
  const own = Object.hasOwn(functions, node.name) ? [] : [node.name]
  return [
    ...own,
    ...node.args.flatMap(unevaluated),
    ...Object.values(node.named).flatMap(unevaluated),
  ]
}

/** Names of the other variables that a value refers to. */
export const references = (node: Node): string[] => {
  if (node.is === 'text') return []
  if (node.is === 'list') return node.items.flatMap(references)
  if (node.is === 'record') return Object.values(node.entries).flatMap(references)
  const first = node.args[0]
  if (node.name === 'ref') return first?.is === 'text' ? [first.text] : []
  return [...node.args, ...Object.values(node.named)].flatMap(references)
}

/** Evaluates a value. What is not evaluated (see `unevaluated`) is undefined. */
export const evaluate = (node: Node, scope: Scope): Value => {
  if (node.is === 'text') return !node.quoted && node.text === 'undefined' ? undefined : node.text
  if (node.is === 'list') return node.items.map((item) => evaluate(item, scope))
  if (node.is === 'record') return undefined
  const arg = (index: number): Value => {
    const each = node.args[index]
    return each === undefined ? undefined : evaluate(each, scope)
  }
  const all = () => node.args.map((each) => evaluate(each, scope))
  switch (node.name) {
    case 'ref':
      return scope.valueOf(textOf(arg(0)))
    case 'concat': {
      // A URL around a password that is not there would be a value, and a wrong one.
      const parts = all()
      return parts.includes(undefined) ? undefined : parts.map(textOf).join('')
    }
    case 'fallback':
      return all().find((each) => each !== undefined && each !== '')
    case 'forEnv':
      return said(all().includes(scope.environment))
    case 'eq':
      return said(arg(0) === arg(1))
    case 'not':
      return said(!holds(arg(0)))
    case 'and':
      return said(all().every(holds))
    case 'or':
      return said(all().some(holds))
    case 'isEmpty':
      return said(arg(0) === undefined || arg(0) === '')
    case 'regex':
      return `/${textOf(arg(0))}/${textOf(arg(1))}`
    case 'if':
      return holds(arg(0)) ? (arg(1) ?? 'true') : (arg(2) ?? undefined)
    case 'ifs': {
      const pairs = Math.floor(node.args.length / 2)
      for (let index = 0; index < pairs; index += 1)
        if (holds(arg(index * 2))) return arg(index * 2 + 1)
      return node.args.length % 2 === 1 ? arg(node.args.length - 1) : undefined
    }
    default:
      return undefined
  }
}

/** Whether a value counts as true in a condition: all but nothing and what a boolean takes for no. */
export const holds = (value: Value): boolean =>
  Array.isArray(value) ? true : value !== undefined && value !== '' && !isFalsehood(value)

const said = (truth: boolean) => String(truth)

const textOf = (value: Value): string => (Array.isArray(value) ? value.join(',') : (value ?? ''))
