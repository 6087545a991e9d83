import type { Place } from '../problem/problem.ts'

// What `.env.schema` says, before anything is known about an environment.

/** A value as it is written in the contract: a text, a call, or a literal of several. */
export type Node =
  | { is: 'text'; text: string; quoted: boolean }
  | { is: 'call'; name: string; args: Node[]; named: Record<string, Node> }
  | { is: 'list'; items: Node[] }
  | { is: 'record'; entries: Record<string, Node> }

/** One environment variable of the product. */
export type Variable = {
  name: string
  place: Place
  /** Its `@type`, or what its default lets infer; never absent. */
  type: Node
  /** `true`, `false`, or an expression such as `forEnv(production)`. */
  required: Node
  /** Whether its value is a secret; such a variable has no default. */
  sensitive: boolean
  /** Whether something says so: its name, its type, a decorator or the header. */
  surely: boolean
  default: Node | null
  description: string
  docs: string[]
  example: string | null
}

/** A whole `.env.schema`. */
export type Contract = {
  file: string
  /** The variable that `@currentEnv` names: it holds the name of the environment. */
  environmentVariable: string | null
  variables: Variable[]
  /** What is written for other programs and has no effect here, with the reason. */
  notes: string[]
}

export const textNode = (text: string): Node => ({ is: 'text', text, quoted: false })
