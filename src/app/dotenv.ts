import type { Place, ProblemData } from '../problem/problem.ts'

/** The values of a `.env` file, where each was set, and every line that could mean two things. */
export type Dotenv = {
  values: Record<string, string>
  /** The line on which each begins; lines count from 1. */
  lines: Record<string, number>
  /** The line on which each ends: the same one, but for a value over several lines. */
  ends: Record<string, number>
  /** What follows each on that line: spaces and a comment, or nothing. */
  tails: Record<string, string>
  problems: ProblemData[]
  /** Each value into which Compose would put another of this text, were it to read it. */
  replaced: ProblemData[]
}

const assignment = /^[ \t]*(?:export[ \t]+)?([^\s=]+)[ \t]*=[ \t]*/
const usableName = /^[A-Za-z_][A-Za-z0-9_.-]*$/
const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', '"': '"', $: '$' }

/**
 * Reads a `.env` file so that each value is taken exactly as written or refused:
 * - `NAME=text`: up to the end of the line or a ` #`, without spaces around it;
 * - `NAME='text'` and NAME=\`text\`: every byte between the quotes, also over several lines;
 * - `NAME="text"`: as these, with the escapes `\n \r \t \\ \" \$`.
 *
 * Nothing is ever replaced inside a value: a `$` is a dollar sign. Compose would put in another value
 * of the file for `$NAME` and `${NAME}`, so in a file that it can read, too, that must be in '…' or be written as `\$`
 * (`plainProblems`). A line may end with CR LF; a CR that belongs to a value is written as `\r`. No part of a line is ever told:
 * it may be secret.
 */
export const parseDotenv = (file: string, content: string): Dotenv => {
  const text = content.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  // Without a prototype, so that a variable may be called `__proto__`.
  const read: Dotenv = {
    values: {},
    lines: Object.create(null) as Record<string, number>,
    ends: Object.create(null) as Record<string, number>,
    tails: Object.create(null) as Record<string, string>,
    problems: [],
    replaced: [],
  }
  const entries: [string, string][] = []
  const mentions: { name: string; mentioned: string[]; place: Place }[] = []
  let at = 0
  let line = 1
  while (at < text.length) {
    const end = lineEnd(text, at)
    const first = text.slice(at, end)
    const took = isBlank(first) ? null : takeEntry(text, at, end)
    const place = { file, line, column: 1 }
    if (took && 'wrong' in took) read.problems.push(problem(took.wrong, took.fix, place))
    else if (took) {
      if (Object.hasOwn(read.lines, took.name))
        read.problems.push(problem(...twice(took.name, read.lines[took.name]!), place))
      read.lines[took.name] = line
      entries.push([took.name, took.value])
      mentions.push({ name: took.name, mentioned: took.mentioned, place })
    }
    const next = took && 'next' in took ? took.next : end
    if (took && 'name' in took) {
      read.ends[took.name] = line + text.slice(at, next).split('\n').length - 1
      read.tails[took.name] = took.tail
    }
    line += text.slice(at, next + 1).split('\n').length - 1
    at = next + 1
  }
  const replaced = mentions
    .filter(({ mentioned }) => mentioned.some((name) => Object.hasOwn(read.lines, name)))
    .map(({ name, place }) => problem(...wouldBeReplaced(name), place))
  return { ...read, values: Object.fromEntries(entries), replaced }
}

/** What is wrong with a file in plain, which the user and Compose read as it is. Nobody else reads what is encrypted or printed. */
export const plainProblems = ({ problems, replaced }: Dotenv): ProblemData[] =>
  [...problems, ...replaced].toSorted(byLine)

const byLine = (left: ProblemData, right: ProblemData) => left.place!.line - right.place!.line

type Taken =
  /** Of `mentioned` other programs would put in the values. */
  | { name: string; value: string; mentioned: string[]; tail: string; next: number }
  | { wrong: string; fix: string; next?: number }

const takeEntry = (text: string, at: number, end: number): Taken => {
  const match = assignment.exec(text.slice(at, end))
  if (!match)
    return { wrong: 'The line is neither NAME=value nor a comment', fix: 'Begin a comment with #.' }
  const name = match[1]!
  if (!usableName.test(name))
    return {
      wrong: 'What stands before the = is not a usable name',
      fix: 'Use letters, digits and _; begin with a letter or _.',
    }
  const start = at + match[0].length
  const quote = text[start]
  return quote === '"' || quote === "'" || quote === '`'
    ? takeQuoted(text, name, start, quote)
    : takeBare(text.slice(start, end), name, end)
}

const takeBare = (raw: string, name: string, end: number): Taken => {
  const value = withoutEnd(raw.replace(/(^|[ \t])#.*$/s, ''))
  if (!value.includes('#')) {
    const tail = raw.slice(value.length)
    return { name, value, mentioned: mentionedIn(value), tail, next: end }
  }
  return {
    wrong: `\`${name}\` holds a # outside quotes, which some programs take for a comment`,
    fix: `Write it in quotes: ${name}='…'`,
    next: end,
  }
}

/** What follows a dollar sign, in `${NAME:-text}` too. */
const mentionedIn = (text: string): string[] =>
  Array.from(text.matchAll(/\$\{?([A-Za-z_]\w*)/g), (match) => match[1]!)

/** A pattern for the end of a line would look at each space of a long row anew. */
const withoutEnd = (text: string): string => {
  let end = text.length
  while (end > 0 && ' \t\r'.includes(text[end - 1]!)) end -= 1
  return text.slice(0, end)
}

const takeQuoted = (text: string, name: string, start: number, quote: string): Taken => {
  const close = closing(text, start, quote)
  if (close < 0)
    return {
      wrong: `\`${name}\` has a ${quote} that is never closed`,
      fix: `Add the closing ${quote}.`,
    }
  const end = lineEnd(text, close)
  const tail = text.slice(close + 1, end)
  if (tail.trim() !== '' && !tail.trim().startsWith('#'))
    return {
      wrong: `\`${name}\` has text after its closing ${quote}`,
      fix: 'Inside "…" write \\" for a quote and \\\\ for a backslash.',
      next: end,
    }
  const raw = text.slice(start + 1, close)
  if (quote !== '"') return { name, value: raw, mentioned: [], tail, next: end }
  const unknown = /(?:^|[^\\])(?:\\\\)*(\\[^nrt\\"$])/.exec(raw)?.[1]
  if (unknown === undefined)
    return {
      name,
      value: raw.replaceAll(/\\(.)/gs, (_all, each: string) => escapes[each]!),
      mentioned: mentionedIn(raw.replaceAll(/\\./gs, ' ')),
      tail,
      next: end,
    }
  return {
    wrong: `\`${name}\` has an unknown escape, a backslash before ${JSON.stringify(unknown[1])}`,
    fix: 'Inside "…" write \\\\ for a backslash, or use \'…\'.',
    next: end,
  }
}

/** Where a quoted value ends; -1 if it does not. */
const closing = (text: string, start: number, quote: string) => {
  let at = start + 1
  while (at < text.length && text[at] !== quote) at += quote === '"' && text[at] === '\\' ? 2 : 1
  return at < text.length ? at : -1
}

const lineEnd = (text: string, at: number) => {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

const isBlank = (line: string) => /^\s*(#|$)/.test(line)

const twice = (name: string, before: number): [string, string] => [
  `\`${name}\` was set before, in line ${before}`,
  'Remove one of the two.',
]

const wouldBeReplaced = (name: string): [string, string] => [
  `\`${name}\` holds a $ before the name of a variable of this file, for which Compose would put in its value`,
  `To mean a dollar sign write ${name}='…', or \\$ inside "…"; else write out the whole value.`,
]

const problem = (detail: string, fix: string, place: Place): ProblemData => ({
  code: 'environment/bad-line',
  summary: 'A line of the environment file is not clear.',
  detail: `${detail}.`,
  place,
  fix: [fix],
})
