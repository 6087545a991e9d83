import type { Node } from '../model.ts'

// Values of the @env-spec syntax, read character by character. Nothing here throws: what cannot be
// read is told in words, and reading goes on after it.

/** Where a value stands decides which characters end it when it has no quotes. */
export type Where = 'item' | 'decorator' | 'argument'

export type Read = { node: Node; next: number } | { wrong: string; next: number }

/** Deeper nesting than anybody writes; hostile files must not exhaust the stack. */
const depthMax = 30

const nameAt = /[A-Za-z][A-Za-z0-9_]*/y
const pattern = /\/(?:\\.|[^/\\\n])+\/[a-z]*(?=\s*[,)\]}]|\s*$)/y

/** Reads one value that begins at `at`. */
export const readValue = (text: string, at: number, where: Where, depth = 0): Read => {
  if (depth > depthMax)
    return { wrong: `it is nested deeper than ${depthMax} levels`, next: lineEnd(text, at) }
  const first = text[at]
  if (where === 'item') {
    const triple = ['```', '"""'].find((each) => text.startsWith(each, at))
    if (triple) return readBlock(text, at, triple)
  }
  if (first === '"' || first === "'" || first === '`') return readQuoted(text, at, first)
  const call = matchAt(nameAt, text, at)
  const structured =
    call !== null && text[at + call.length] === '('
      ? readCall(text, at, call, depth)
      : first === '[' || first === '{'
        ? readLiteral(text, at, first, depth)
        : null
  if (structured === null) return readBare(text, at, where)
  // `fn(a) and more`, or JSON with colons: a plain text after all.
  if (where === 'argument') return structured
  const ended = 'node' in structured && endsAt(text, structured.next, where)
  if (ended) return structured
  return where === 'item' && 'node' in structured
    ? readBare(text, at, where)
    : orBare(structured, text, at, where)
}

const orBare = (read: Read, text: string, at: number, where: Where): Read =>
  'node' in read || text[at] === '[' || text[at] === '{' ? readBare(text, at, where) : read

const endsAt = (text: string, at: number, where: Where) =>
  where === 'decorator'
    ? /^(\s|$)/.test(text.slice(at, at + 1))
    : /^[ \t]*(#|$)/.test(text.slice(at, lineEnd(text, at)))

const readBlock = (text: string, at: number, quote: string): Read => {
  let close = text.indexOf(quote, at + quote.length)
  while (close > 0 && text[close - 1] === '\\') close = text.indexOf(quote, close + 1)
  if (close < 0) return { wrong: `its ${quote} is never closed`, next: text.length }
  const raw = text.slice(at + quote.length, close).replaceAll(`\\${quote}`, () => quote)
  return { node: { is: 'text', text: raw, quoted: true }, next: close + quote.length }
}

const readQuoted = (text: string, at: number, quote: string): Read => {
  let close = at + 1
  while (close < text.length && text[close] !== quote) close += text[close] === '\\' ? 2 : 1
  if (close >= text.length)
    return { wrong: `its ${quote} is never closed`, next: lineEnd(text, at) }
  const raw = text.slice(at + 1, close)
  const node: Node =
    quote === "'"
      ? { is: 'text', text: raw.replaceAll("\\'", "'"), quoted: true }
      : expand(raw, quote, true)
  return { node, next: close + 1 }
}

const readBare = (text: string, at: number, where: Where): Read => {
  const regex = where === 'argument' ? matchAt(pattern, text, at) : null
  if (regex !== null)
    return { node: { is: 'text', text: regex, quoted: false }, next: at + regex.length }
  const ends = { item: /[\n#]/g, decorator: /[\s#]/g, argument: /[,)\]}\n]/g }[where]
  ends.lastIndex = at
  const end = ends.exec(text)?.index ?? text.length
  const raw = text.slice(at, end).trimEnd()
  return { node: expand(raw, '', false), next: end }
}

const readCall = (text: string, at: number, name: string, depth: number): Read => {
  const inside = readEntries(text, at + name.length + 1, ')', depth)
  if ('wrong' in inside) return inside
  return { node: { is: 'call', name, args: inside.items, named: inside.named }, next: inside.next }
}

const readLiteral = (text: string, at: number, open: '[' | '{', depth: number): Read => {
  const inside = readEntries(text, at + 1, open === '[' ? ']' : '}', depth)
  if ('wrong' in inside) return inside
  const named = Object.keys(inside.named).length > 0
  if (open === '[' ? named : inside.items.length > 0)
    return { wrong: `its ${open} mixes values and key=value pairs`, next: inside.next }
  const node: Node =
    open === '[' ? { is: 'list', items: inside.items } : { is: 'record', entries: inside.named }
  return { node, next: inside.next }
}

type Entries = { items: Node[]; named: Record<string, Node>; next: number }

const readEntries = (
  text: string,
  start: number,
  close: string,
  depth: number,
): Entries | { wrong: string; next: number } => {
  const items: Node[] = []
  const named: [string, Node][] = []
  let at = skipGaps(text, start)
  while (at < text.length && text[at] !== close) {
    const key = matchAt(/([A-Za-z][A-Za-z0-9_]*)[ \t]*=/y, text, at)
    const from = key === null ? at : skipGaps(text, at + key.length)
    const read = readValue(text, from, 'argument', depth + 1)
    if ('wrong' in read) return read
    if (key === null) items.push(read.node)
    else named.push([key.replace(/[ \t]*=$/, ''), read.node])
    at = skipGaps(text, read.next)
    if (text[at] === ',') at = skipGaps(text, at + 1)
    else if (text[at] !== close) break
  }
  if (text[at] !== close)
    return { wrong: `its closing ${close} is missing`, next: lineEnd(text, start) }
  return { items, named: Object.fromEntries(named), next: at + 1 }
}

/** Spaces, line ends and comments between the parts of a call; `#tag` is a value, `# tag` is not. */
const skipGaps = (text: string, at: number) =>
  at + (matchAt(/(?:\s|#(?=\s|$)[^\n]*)*/y, text, at)?.length ?? 0)

const reference = /\\(.)|\$\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|\$([A-Za-z_]\w*)|\$\(([^)\n]*)\)/gs

/** A text in which `$NAME`, `${NAME}`, `${NAME:-text}` and `$(command)` stand for something else. */
const expand = (raw: string, quote: string, quoted: boolean): Node => {
  const parts: Node[] = []
  let plain = ''
  let from = 0
  for (const match of raw.matchAll(reference)) {
    plain += raw.slice(from, match.index)
    from = match.index + match[0].length
    const [, escaped, braced, fallback, bare, command] = match
    if (escaped !== undefined) {
      plain += unescaped(escaped, quote, quoted)
      continue
    }
    if (plain) parts.push({ is: 'text', text: plain, quoted })
    plain = ''
    const node =
      command === undefined
        ? call('ref', [textOf((braced ?? bare)!)])
        : call('exec', [textOf(command)])
    parts.push(fallback === undefined ? node : call('fallback', [node, textOf(fallback)]))
  }
  plain += raw.slice(from)
  if (parts.length === 0) return { is: 'text', text: plain, quoted }
  if (plain) parts.push({ is: 'text', text: plain, quoted })
  return parts.length === 1 ? parts[0]! : call('concat', parts)
}

const unescaped = (character: string, quote: string, quoted: boolean) => {
  if (character === '$') return '$'
  if (!quoted) return `\\${character}`
  if (character === quote || character === '\\') return character
  return character === 'n' ? '\n' : `\\${character}`
}

const call = (name: string, args: Node[]): Node => ({ is: 'call', name, args, named: {} })
const textOf = (text: string): Node => ({ is: 'text', text, quoted: true })

const matchAt = (regex: RegExp, text: string, at: number): string | null => {
  regex.lastIndex = at
  return regex.exec(text)?.[0] ?? null
}

const lineEnd = (text: string, at: number) => {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}
