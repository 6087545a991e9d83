/** What the argument of an option must be. */
export type OptionKind = 'number' | 'boolean' | 'text' | 'list' | 'pattern' | 'type' | 'duration'

export type Option = { kind: OptionKind; meaning: string }

/** A type as a variable uses it: its options evaluated for one environment. */
export type Use = {
  name: string
  /** What stands in the parentheses without a name: the members of an enum. */
  members: string[]
  /** The type of the elements, for types that hold others. */
  of: Use | null
  options: Record<string, string | string[]>
}

/** Judges a value by another type; null if it is right. */
export type Judge = (value: string, use: Use) => string | null

/** Where a value leads: a host, and the port if it tells one. */
export type Target = { host: string; port: number | null }

/**
 * A type of values. No text that it makes may hold a part of a value; lengths and counts may be told.
 * Zarpe hands every value on as it is written: a type checks, it never converts.
 */
export type ValueType = {
  origin: 'varlock' | 'zarpe'
  meaning: string
  options: Record<string, Option>
  /** What may stand in the parentheses without a name. */
  members?: 'values' | 'type'
  /** Its values are secrets by nature. */
  secret?: boolean
  /** A value of this type without options, for the reference. */
  sample: string
  /** The format that is expected, to follow the words "expected is". */
  format: (use: Use) => string
  /** What is wrong with a value, to follow its name; null if it is right. */
  wrong: (value: string, use: Use, judge: Judge) => string | null
  /** A new value from random bytes; only types whose values may be anything have it. */
  generate?: (use: Use, random: (bytes: number) => Buffer) => string
  /** Hosts that a value of this type leads to. */
  targets?: (value: string) => Target[]
}

export const numberOf = (use: Use, option: string): number | null => {
  const text = use.options[option]
  return typeof text === 'string' && text.trim() !== '' && Number.isFinite(Number(text))
    ? Number(text)
    : null
}

export const isOn = (use: Use, option: string): boolean => use.options[option] === 'true'

export const textOf = (use: Use, option: string): string | null => {
  const text = use.options[option]
  return typeof text === 'string' ? text : null
}

/** An option that may be one text or several. */
export const listOf = (use: Use, option: string): string[] => [use.options[option] ?? []].flat()

/** A pattern of the contract; null if it is none, which the contract's own check has told. */
export const patternOf = (text: string | null): RegExp | null => {
  if (text === null) return null
  const slashed = /^\/(.*)\/([a-z]*)$/s.exec(text)
  try {
    return slashed ? new RegExp(slashed[1]!, slashed[2]) : new RegExp(text)
  } catch {
    return null
  }
}

/** "a", "a or b", "a, b or c". */
export const oneOf = (words: string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`

/** The first thing that is wrong. */
export const first = (...all: (string | null | undefined | false)[]): string | null =>
  all.find((each): each is string => typeof each === 'string') ?? null
