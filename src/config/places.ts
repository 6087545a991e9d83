import {
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type ScalarTag,
  visit,
} from 'yaml'
import { messageOf, type Place } from '../problem/problem.ts'

/** A YAML file that remembers where everything stands. */
export type Located = {
  file: string
  value: unknown
  /** Mistakes in the YAML itself. */
  mistakes: { text: string; place: Place }[]
  /** Paths that the file takes away from those before it: `!reset` and `!override` of Compose. */
  takesAway: string[][]
  /** Whether something stands at exactly this path. */
  has: (path: readonly PropertyKey[]) => boolean
  /** Where the value at a path stands, or the nearest of its parents; `key` asks for its name. */
  placeOf: (path: readonly PropertyKey[], what?: 'key' | 'value') => Place
}

/** Parses YAML 1.2 with merge keys, as Compose files use them. Never throws. */
export const locate = (file: string, text: string): Located => {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: true,
    uniqueKeys: true,
    customTags: [resets],
  })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const mistakes = document.errors.map((error) => ({
    text: error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, ''),
    place: at(error.pos[0]),
  }))
  for (const offset of circlesIn(document))
    mistakes.push({ text: 'An alias stands inside what it stands for', place: at(offset) })
  const value =
    mistakes.length > 0
      ? null
      : valueOf(document, (text) => {
          mistakes.push({ text, place: at(0) })
        })
  return {
    file,
    value,
    mistakes,
    takesAway: takenAway(document.contents, []),
    has: (path) => document.hasIn(path.map(String)),
    placeOf: (path, what = 'value') => at(offsetOf(document.contents, path, what)),
  }
}

/** `!reset x` means nothing at all, whatever x is. */
const resets: ScalarTag = { tag: '!reset', resolve: () => null }

const takenAway = (node: unknown, path: string[]): string[][] => {
  if (isMap(node) || isScalar(node) || isSeq(node))
    if (node.tag === '!reset' || node.tag === '!override') return [path]
  if (!isMap(node)) return []
  return node.items.flatMap(({ key, value }) =>
    isScalar(key) ? takenAway(value, [...path, String(key.value)]) : [],
  )
}

/**
 * Where an alias names a node that it is part of. The value would be without end, and so would
 * everything that walks through it; Compose refuses it too.
 */
const circlesIn = (document: Document): number[] => {
  const offsets: number[] = []
  visit(document, {
    Alias: (_key, alias, above) => {
      const isNear = above.some((each) => 'anchor' in each && each.anchor === alias.source)
      const named = isNear ? alias.resolve(document) : undefined
      if (named && above.includes(named)) offsets.push(alias.range?.[0] ?? 0)
    },
  })
  return offsets
}

/** A missing anchor, or aliases that would grow without end, show only when the value is made. */
const valueOf = (document: Document, onMistake: (text: string) => void): unknown => {
  try {
    return document.toJS({ maxAliasCount: 1_000 })
  } catch (error) {
    onMistake(messageOf(error))
    return null
  }
}

const offsetOf = (root: Node | null, path: readonly PropertyKey[], what: 'key' | 'value') => {
  let node: unknown = root
  let offset = root?.range?.[0] ?? 0
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
      )
      if (!pair) return offset
      const key = (pair.key as Node).range?.[0] ?? offset
      const value = (pair.value as Node | null)?.range?.[0] ?? key
      offset = last && what === 'key' ? key : value
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      offset = (node as Node | undefined)?.range?.[0] ?? offset
    } else return offset
  }
  return offset
}
