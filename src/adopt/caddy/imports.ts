import type { Directive } from '../model.ts'

/** Bodies of `(name) { … }` by their names. */
export type Snippets = Map<string, Directive[]>

export const snippetsIn = (all: Directive[]): Snippets =>
  new Map(
    all.flatMap(({ words, block }) => {
      const name = /^\((.+)\)$/.exec(words[0] ?? '')?.[1]
      return name === undefined ? [] : [[name, block ?? []] as const]
    }),
  )

/**
 * Puts snippets in place of their imports, however deep, so that what they keep out is found like all
 * else. An import of anything else stays: nobody knows what is in it.
 */
export const expanded = (body: Directive[], snippets: Snippets): Directive[] =>
  body.flatMap((each) => {
    const [name, what = '', ...given] = each.words
    const snippet = name === 'import' ? snippets.get(what) : undefined
    if (!snippet) return [{ ...each, block: each.block && expanded(each.block, snippets) }]
    // A snippet that brings itself in would have no end.
    const others = new Map(snippets)
    others.delete(what)
    return expanded(filledIn(snippet, given), others)
  })

/** `{args[0]}` is the first word after the snippet's name. */
const filledIn = (body: Directive[], given: string[]): Directive[] =>
  body.map(({ words, block, ...place }) => ({
    words: words.map((word) =>
      word.replaceAll(
        /\{args(?:\[(\d+)\]|\.(\d+))\}/g,
        (all, index: string | undefined, old: string | undefined) =>
          given[Number(index ?? old)] ?? all,
      ),
    ),
    block: block && filledIn(block, given),
    ...place,
  }))
