import type { Directive, ProxyFile } from '../model.ts'

// The grammar of a Caddyfile: https://caddyserver.com/docs/caddyfile/concepts. Words stand on lines; a
// line that ends in a brace opens a block; # begins a comment at the beginning of a word.

type Line = { words: string[]; line: number }

/** Reads a Caddyfile as nested directives. Never throws: what is never closed ends with the file. */
export const parseCaddyfile = ({ file, text }: ProxyFile): Directive[] => {
  const lines = linesOf(text)
  let at = 0
  const block = (): Directive[] => {
    const found: Directive[] = []
    while (at < lines.length) {
      const { words, line } = lines[at++]!
      if (words.length === 1 && words[0] === '}') return found
      // Addresses of one site may go on in the next line.
      while (words.at(-1)?.endsWith(',') && at < lines.length) words.push(...lines[at++]!.words)
      const opens = words.at(-1) === '{'
      if (opens) words.pop()
      found.push({ words, block: opens ? block() : null, file, line })
    }
    return found
  }
  const all: Directive[] = []
  while (at < lines.length) all.push(...block())
  return all
}

const linesOf = (text: string): Line[] => {
  const found: Line[] = []
  let words: string[] = []
  let line = 1
  let begins = 1
  const end = () => {
    if (words.length > 0) found.push({ words, line: begins })
    words = []
  }
  const token = /\\\r?\n|\r?\n|#[^\n]*|"((?:\\.|[^"\\])*)"|`([^`]*)`|[^\s"`][^\s]*|[^\S\n]+/g
  for (const [whole, double, back] of text.matchAll(token)) {
    if (/^\r?\n$/.test(whole)) end()
    else if (!/^(#|\\\r?\n|[^\S\n]+$)/.test(whole)) {
      if (words.length === 0) begins = line
      words.push(double?.replaceAll('\\"', '"') ?? back ?? whole)
    }
    line += whole.split('\n').length - 1
  }
  end()
  return found
}
