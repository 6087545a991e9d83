import type { TextFile } from '../model.ts'
import { linesOf } from '../reading/places.ts'
import { isSecret, passwordInUrl } from './secrets.ts'

/** A `${NAME:-text}` whose text would be used as a secret. */
export type Fallback = { name: string; file: string; line: number; column: number }

/** Where one begins. After an odd number of dollar signs: `$${…}` is for the shell in the container. */
const opening = /(?<=(?<!\$)(?:\$\$)*)\$\{([A-Za-z_]\w*):?-/g

/** Every secret in a Compose file that has a fallback value; the value itself is left behind here. */
export const fallbacksIn = (source: TextFile): Fallback[] =>
  linesOf(source).flatMap(({ line, code }) => {
    const key = /^\s*(?:-\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[:=]/.exec(code)?.[1] ?? ''
    const all = referencesIn(code)
    const secret = all.filter((each) => {
      // What stands in for a secret is one too, whatever it is called.
      const around = all.filter((other) => holds(other, each))
      const names = [key, each.name, ...around.map(({ name }) => name)]
      return passwordInUrl(each.value) || names.some((name) => isSecret(name, each.value))
    })
    return secret
      .filter((each) => !secret.some((other) => holds(each, other)))
      .map(({ name, index }) => ({ name, file: source.file, line, column: index + 1 }))
  })

type Reference = { name: string; value: string; index: number; end: number }

/** All of a line, those inside another's text too: `${A:-${B:-text}}`. */
const referencesIn = (code: string): Reference[] =>
  [...code.matchAll(opening)].flatMap(({ 0: start, 1: name = '', index }) => {
    const from = index + start.length
    const end = closing(code, from)
    return end < 0 ? [] : [{ name, value: code.slice(from, end), index, end }]
  })

const closing = (code: string, from: number): number => {
  let depth = 1
  for (const { 0: mark, index } of code.slice(from).matchAll(/\$\{|\}/g)) {
    depth += mark === '}' ? -1 : 1
    if (depth === 0) return from + index
  }
  return -1
}

const holds = (outer: Reference, inner: Reference): boolean =>
  outer.index < inner.index && inner.end < outer.end
