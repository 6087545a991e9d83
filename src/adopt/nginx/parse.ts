import type { Directive, ProxyFile } from '../model.ts'

/** Reads a configuration of nginx as nested directives. Never throws: what is never closed ends with the file. */
export const parseNginx = ({ file, text }: ProxyFile): Directive[] => {
  const tokens = tokensOf(text)
  let at = 0
  const block = (): Directive[] => {
    const found: Directive[] = []
    let words: string[] = []
    let line = 1
    while (at < tokens.length) {
      const token = tokens[at++]!
      if (token.sign === '}') return found
      if (token.sign === ';' || token.sign === '{') {
        if (words.length > 0 || token.sign === '{')
          found.push({ words, block: token.sign === '{' ? block() : null, file, line })
        words = []
      } else {
        if (words.length === 0) line = token.line
        words.push(token.word)
      }
    }
    return found
  }
  const all: Directive[] = []
  while (at < tokens.length) all.push(...block())
  return all
}

type Token = { word: string; sign: string; line: number }

const tokensOf = (text: string): Token[] => {
  const found: Token[] = []
  let line = 1
  // A variable in braces, `${name}`, is part of a word.
  const token =
    /#[^\n]*|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([;{}])|((?:\$\{\w+\}|\\.|[^\s;{}"'])+)|\s+/gs
  for (const [whole, double, single, sign, word] of text.matchAll(token)) {
    if (sign !== undefined) found.push({ word: '', sign, line })
    else if (!/^(#|\s)/.test(whole))
      found.push({ word: double ?? single ?? word ?? '', sign: '', line })
    line += whole.split('\n').length - 1
  }
  return found
}
