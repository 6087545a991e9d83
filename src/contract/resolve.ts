import { valueBytesMax } from '../app/limits.ts'
import { evaluate, holds, references, type Scope, unevaluated } from './evaluate.ts'
import type { Contract, Node, Variable } from './model.ts'
import type { Use } from './types/type.ts'
import { useOf } from './types/table.ts'

/** A variable with all that depends on the environment decided. */
export type Resolved = {
  variable: Variable
  /** null when its type depends on something that is not evaluated. */
  use: Use | null
  required: boolean
  /** Its value here: its own, else its default; undefined if it has none. An empty text is none. */
  value: string | undefined
  /** Whether the value is the contract's default. */
  isDefault: boolean
  /** Variables without a value, for want of which its default has none either. */
  lacks: string[]
}

/** Decides, for one environment, what is required of each variable and what value it has. */
export const resolveContract = (
  contract: Contract,
  values: Record<string, string>,
  environment: string,
): Resolved[] => {
  const byName = new Map(contract.variables.map((variable) => [variable.name, variable]))
  const flag = contract.environmentVariable
  const own = (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined)
  const current = (flag === null ? undefined : own(flag)) || environment
  // Each is decided once: what refers to others that refer to others would take for ever.
  const known = new Map<string, string | undefined>()
  const valueOf = (name: string): string | undefined => {
    if (known.has(name)) return known.get(name)
    // What refers to itself has no value.
    known.set(name, undefined)
    const value = decide(name)
    // Of references to references a text can grow beyond all that a variable holds.
    const held = (value?.length ?? 0) > valueBytesMax ? undefined : value
    known.set(name, held)
    return held
  }
  const scope: Scope = { environment: current, valueOf }
  const decide = (name: string): string | undefined => {
    const set = own(name)
    if (set !== undefined && set !== '') return set
    if (name === flag) return environment
    const variable = byName.get(name)
    return variable?.default
      ? defaultText(variable.default, useOf(variable.type, scope), scope)
      : undefined
  }
  return contract.variables.map((variable) => {
    const value = valueOf(variable.name)
    return {
      variable,
      use: useOf(variable.type, scope),
      required: holds(evaluate(variable.required, scope)),
      value,
      isDefault: value !== undefined && !own(variable.name),
      lacks:
        value === undefined && variable.default
          ? references(variable.default).filter((name) => scope.valueOf(name) === undefined)
          : [],
    }
  })
}

/** A default as the text that a program gets; undefined if it is empty or not evaluated. */
const defaultText = (node: Node, use: Use | null, scope: Scope): string | undefined => {
  if (unevaluated(node).length > 0) return undefined
  if (node.is === 'record') return JSON.stringify(plain(node, scope))
  const value = evaluate(node, scope)
  if (!Array.isArray(value)) return value === '' ? undefined : value
  if (use?.options['format'] === 'json') return JSON.stringify(plain(node, scope))
  const separator = use?.options['separator']
  return value.flat(5).join(typeof separator === 'string' ? separator : ',')
}

/** A literal as JSON holds it: what was written without quotes may be a number or a truth value. */
const plain = (node: Node, scope: Scope): unknown => {
  if (node.is === 'list') return node.items.map((each) => plain(each, scope))
  if (node.is === 'record')
    return Object.fromEntries(
      Object.entries(node.entries).map(([name, each]) => [name, plain(each, scope)]),
    )
  const text = evaluate(node, scope)
  if (node.is !== 'text' || node.quoted || typeof text !== 'string') return text
  if (text === 'true' || text === 'false') return text === 'true'
  return text !== '' && String(Number(text)) === text ? Number(text) : text
}

/** The contract's defaults that an environment uses, by name; a value of its own always wins. */
export const defaultsOf = (
  contract: Contract,
  values: Record<string, string>,
  environment: string,
): Record<string, string> =>
  Object.fromEntries(
    resolveContract(contract, values, environment).flatMap(({ variable, value, isDefault }) =>
      isDefault && value !== undefined ? [[variable.name, value]] : [],
    ),
  )
