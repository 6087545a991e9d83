import { type Directive, prefixOf } from '../model.ts'

/** The rules of each named matcher of a site. */
export type Matchers = Map<string, string[][]>

export const matchersIn = (body: Directive[]): Matchers =>
  new Map(
    body
      .filter(({ words }) => words[0]?.startsWith('@'))
      .map(({ words: [name = '', ...inline], block }) => [
        name,
        block ? block.map(({ words }) => words) : [inline],
      ]),
  )

/** The prefixes of a matcher; undefined if the word is none, null if it cannot be a prefix. */
export const prefixesOf = (
  word: string | undefined,
  matchers: Matchers,
): string[] | null | undefined => {
  if (word === undefined) return undefined
  if (word === '*') return ['/']
  if (word.startsWith('/')) return plain([word])
  if (!word.startsWith('@')) return undefined
  const rules = matchers.get(word) ?? []
  const [kind, ...paths] = rules[0] ?? []
  return rules.length === 1 && kind === 'path' && paths.length > 0 ? plain(paths) : null
}

const plain = (paths: string[]): string[] | null => {
  const prefixes = paths.map(prefixOf)
  return prefixes.includes(null) ? null : (prefixes as string[])
}

/** Whether a path at most decides who gets to what a word is before. */
export const isPlain = (word: string | undefined, matchers: Matchers): boolean =>
  prefixesOf(word, matchers) !== null

/** Whether a matcher looks at what is asked for, and not at who asks. */
export const isHarmless = (word: string | undefined, matchers: Matchers): boolean =>
  !word?.startsWith('@') ||
  (matchers.get(word) ?? [['unknown']]).every(([kind = '']) =>
    /^(path|path_regexp|host|method|protocol|query|file)$/.test(kind),
  )
