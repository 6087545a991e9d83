import { styleText } from 'node:util'
import type { ProblemData } from '../problem/problem.ts'
import { plainText } from '../problem/plain.ts'
import { problemLines } from '../problem/render.ts'
import { outliveReaders } from './unread.ts'

// The voice of the program. The rules:
// - stdout carries what was asked for, stderr everything said on the way; with --json stdout is one
//   JSON object a line and nothing else, and stderr is silent but for crashes;
// - colour and live lines only on a terminal, never in a file or a pipe, each stream by itself;
// - a question is asked only on a terminal, and never when a flag has answered it;
// - whoever reads may go away: what was begun is brought to its end all the same, in silence.

/** How words stand out where they are read. */
export type Paint = {
  good: (text: string) => string
  bad: (text: string) => string
  dim: (text: string) => string
  bold: (text: string) => string
}

/** Its own paint is that of what is said; stdout may be a file meanwhile. */
export type Terminal = Paint & {
  json: boolean
  /** stderr is a terminal: live lines are drawn. */
  live: boolean
  /** How many a row has; no bound where nobody looks at a screen. */
  columns: number
  /** Both ends are a terminal: questions can be asked. */
  asks: boolean
  say: (line: string) => void
  print: (line: string) => void
  /** The paint of what is printed. */
  printed: Paint
  /** One object for programs that read along; nothing without --json. */
  emit: (event: object) => void
  problem: (problem: ProblemData) => void
  /** For a verb that is of no use, or has no end, once nobody reads its stdout: how it leaves then. */
  whenUnread: (leave: () => void) => void
  /** Draws over the line drawn before; without a terminal nothing is shown. */
  draw: (line: string) => void
}

const columnsDefault = 100

export const openTerminal = (options: { json: boolean }): Terminal => {
  const live = process.stderr.isTTY && !options.json
  let drawn = false
  const erase = () => {
    if (drawn) process.stderr.write('\r\u001b[2K')
    drawn = false
  }
  const say = (line: string) => {
    if (options.json) return
    erase()
    process.stderr.write(`${line}\n`)
  }
  const whenUnread = outliveReaders(process)
  const terminal: Terminal = {
    json: options.json,
    live,
    // A terminal is made wider and narrower meanwhile; one without a size says 0.
    get columns() {
      return live ? process.stderr.columns || columnsDefault : Infinity
    },
    asks: live && process.stdin.isTTY,
    say,
    print: (line) => {
      if (options.json) return
      erase()
      process.stdout.write(`${line}\n`)
    },
    emit: (event) => {
      if (options.json) process.stdout.write(`${JSON.stringify(event)}\n`)
    },
    problem: (problem) => {
      terminal.emit({ type: 'problem', ...problem })
      for (const line of problemLines(problem, terminal)) say(line)
    },
    whenUnread,
    draw: (line) => {
      if (!live) return
      erase()
      process.stderr.write(plainText(line).slice(0, terminal.columns - 1))
      drawn = true
    },
    printed: paintOf(process.stdout.isTTY && !options.json),
    ...paintOf(live),
  }
  return terminal
}

const paintOf = (shows: boolean): Paint => {
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    shows && !process.env['NO_COLOR'] ? styleText(format, text, { validateStream: false }) : text
  return { good: paint('green'), bad: paint('red'), dim: paint('dim'), bold: paint('bold') }
}
