import type { Place } from '../../problem/problem.ts'
import { type Node, textNode } from '../model.ts'
import { readValue } from './read.ts'

// The lines of an @env-spec file: which comments belong to which variable.

/** One `@name`, `@name=value` or `@name(arguments)`; a bare name is `@name=true`. */
export type Decorator = { name: string; value: Node; called: boolean; place: Place }

export type Item = {
  name: string
  value: Node | null
  place: Place
  decorators: Decorator[]
  /** The ordinary comment lines above it. */
  prose: string[]
}

export type Sheet = {
  /** Decorators above the first variable that belong to the whole file. */
  root: Decorator[]
  /** Decorators in a comment further down that belongs to no variable. */
  stray: Decorator[]
  items: Item[]
  wrong: { text: string; place: Place }[]
}

type Comment = { text: string; line: number; column: number }

const assignment = /^[ \t]*(?:export[ \t]+)?([^\s=#]+)[ \t]*=[ \t]*/
const usableName = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Splits a file into its variables and decorators. Never throws; `wrong` tells what it could not read. */
export const readSheet = (file: string, content: string): Sheet => {
  const text = content.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const sheet: Sheet = { root: [], stray: [], items: [], wrong: [] }
  let block: Comment[] = []
  let at = 0
  let line = 1
  const endBlock = () => {
    const { decorators } = readBlock(file, block, sheet)
    ;(sheet.items.length === 0 ? sheet.root : sheet.stray).push(...decorators)
    block = []
  }
  while (at < text.length) {
    const end = lineEnd(text, at)
    const whole = text.slice(at, end)
    const comment = /^[ \t]*#/.exec(whole)
    let next = end
    if (whole.trim() === '') endBlock()
    else if (comment) {
      const inner = whole.slice(comment[0].length)
      if (/^[ \t]?(---|===)/.test(inner)) endBlock()
      else block.push({ text: inner, line, column: comment[0].length + 1 })
    } else {
      next = takeItem(file, text, at, line, block, sheet)
      block = []
    }
    line += text.slice(at, next + 1).split('\n').length - 1
    at = next + 1
  }
  endBlock()
  return sheet
}

/** Reads the variable that begins at `at`; returns where its last line ends. */
const takeItem = (
  file: string,
  text: string,
  at: number,
  line: number,
  block: Comment[],
  sheet: Sheet,
): number => {
  const end = lineEnd(text, at)
  const place = { file, line, column: 1 }
  const match = assignment.exec(text.slice(at, end))
  if (!match) {
    sheet.wrong.push({ text: 'the line is neither NAME=value nor a comment', place })
    return end
  }
  const name = match[1]!
  if (!usableName.test(name)) {
    sheet.wrong.push({
      text: 'what stands before the = is no usable name: letters, digits and _, not beginning with a digit',
      place,
    })
    return end
  }
  const start = at + match[0].length
  const read = /^[ \t]*(#|$)/.test(text.slice(start, end))
    ? { node: null, next: start }
    : readValue(text, start, 'item')
  if ('wrong' in read) {
    sheet.wrong.push({ text: `\`${name}\`: ${read.wrong}`, place })
    return lineEnd(text, read.next)
  }
  const close = lineEnd(text, read.next)
  const rest = text.slice(read.next, close)
  const above = readBlock(file, block, sheet)
  const decorators = [...above.decorators]
  const trailing = /^[ \t]*#/.exec(rest)
  if (trailing) {
    const lastLine = line + text.slice(at, read.next).split('\n').length - 1
    const column = read.next - (text.lastIndexOf('\n', read.next - 1) + 1) + trailing[0].length + 1
    const comment = { text: rest.slice(trailing[0].length), line: lastLine, column }
    decorators.push(...readBlock(file, [comment], sheet).decorators)
  } else if (rest.trim() !== '')
    sheet.wrong.push({ text: `\`${name}\` has text after its closing quote`, place })
  sheet.items.push({ name, value: read.node, place, decorators, prose: above.prose })
  return close
}

/** The decorators and the prose of adjoining comment lines. Calls may go over several of them. */
const readBlock = (file: string, block: Comment[], sheet: Sheet) => {
  const joined = block.map(({ text }) => text).join('\n')
  const starts: number[] = []
  let offset = 0
  for (const { text } of block) {
    starts.push(offset)
    offset += text.length + 1
  }
  const placeAt = (at: number): Place => {
    const index = starts.findLastIndex((start) => start <= at)
    const comment = block[Math.max(0, index)]!
    return { file, line: comment.line, column: comment.column + at - starts[Math.max(0, index)]! }
  }
  const decorators: Decorator[] = []
  const prose: string[] = []
  let at = 0
  while (at < joined.length) {
    const end = lineEnd(joined, at)
    const own = joined.slice(at, end)
    if (!/^[ \t]*@/.test(own)) {
      if (own.trim() !== '') prose.push(own.trim())
      at = end + 1
      continue
    }
    at = takeDecorators(joined, at, decorators, placeAt, sheet)
  }
  return { decorators, prose }
}

/**
 * Reads the decorators of one line; returns where the next line begins. Text between them means
 * nothing, but decorators after it do; what follows a # is a comment.
 */
const takeDecorators = (
  text: string,
  start: number,
  into: Decorator[],
  placeAt: (at: number) => Place,
  sheet: Sheet,
): number => {
  let at = start
  for (;;) {
    while (/^[^\S\n]$/.test(text[at] ?? '')) at += 1
    if (at >= text.length || text[at] === '\n') return at + 1
    if (text[at] === '#') return lineEnd(text, at) + 1
    const word = /^\S+/.exec(text.slice(at, lineEnd(text, at)))?.[0] ?? ''
    if (!word.startsWith('@')) {
      at += word.length
      continue
    }
    const place = placeAt(at)
    const name = /^@([A-Za-z][A-Za-z0-9_]*)(?=[=(#]|$)/.exec(word)?.[1]
    if (name === undefined) {
      sheet.wrong.push({ text: 'what follows the @ is no name of a decorator', place })
      at += word.length
      continue
    }
    const after = at + 1 + name.length
    const sign = text[after]
    if (sign !== '=' && sign !== '(') {
      into.push({ name, value: textNode('true'), called: false, place })
      at = after
      continue
    }
    const read = readValue(text, sign === '=' ? after + 1 : at + 1, 'decorator')
    const isEmpty = 'node' in read && read.next === after + 1
    if ('wrong' in read || isEmpty) {
      sheet.wrong.push({
        text: `@${name}: ${'wrong' in read ? read.wrong : 'it has no value'}`,
        place,
      })
      at = lineEnd(text, read.next)
      continue
    }
    into.push({ name, value: read.node, called: sign === '(', place })
    at = read.next
    if (!/^[\s#]?$/.test(text.slice(at, at + 1)))
      sheet.wrong.push({ text: `@${name} has text right after its value`, place })
  }
}

const lineEnd = (text: string, at: number) => {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}
