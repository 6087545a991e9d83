import type { RedisContents } from '../../held.ts'

/** A section of INFO, or any other lines of `name:value`. */
export const parseInfo = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(/\r?\n/)
      .map((line) => /^([^#:]+):(.*)$/.exec(line))
      .filter((match) => match !== null)
      .map(([, name = '', value = '']) => [name, value] as const),
  )

/** How many keys each database has, by `INFO keyspace`; those that have none are not there. */
export const parseKeyspace = (text: string): RedisContents['databases'] =>
  Object.entries(parseInfo(text))
    .flatMap(([name, value]) => {
      const number = /^db(\d+)$/.exec(name)?.[1]
      const [, keys, expiring] = /^keys=(\d+),expires=(\d+)/.exec(value) ?? []
      return number === undefined || keys === undefined
        ? []
        : [{ number: Number(number), keys: Number(keys), expiring: Number(expiring) }]
    })
    .toSorted((left, right) => left.number - right.number)

/** The answer of `CONFIG GET`: names and values in turns. */
export const parseConfig = (text: string): Record<string, string> => {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/)
  return Object.fromEntries(
    Array.from({ length: Math.floor(lines.length / 2) }, (_each, index) => [
      lines[2 * index]!,
      lines[2 * index + 1]!,
    ]),
  )
}

/** redis-cli tells an error on stdout, and exits with 0. */
export const isRefusal = (answer: string): boolean =>
  /^(\(error\) )?(ERR|NOAUTH|WRONGPASS|NOPERM|LOADING|MASTERDOWN|MISCONF|DENIED|READONLY)\b/.test(
    answer,
  )

/** The password that the official image's server is given on its command line; null if none is there. */
export const passwordIn = (args: string[]): string | null => {
  const at = args.findIndex((each) => each === '--requirepass')
  const glued = args.find((each) => each.startsWith('--requirepass '))
  if (at >= 0) return args[at + 1] ?? null
  return glued ? glued.slice('--requirepass '.length).replaceAll(/^"|"$/g, '') : null
}

export const portIn = (args: string[]): string => {
  const at = args.indexOf('--port')
  return at >= 0 ? (args[at + 1] ?? '6379') : '6379'
}

/** How many databases a server must have for those that have keys; it has sixteen unless it is told otherwise. */
export const roomFor = (databases: RedisContents['databases']): number =>
  Math.max(16, ...databases.map(({ number }) => number + 1))

/** Redis asks for leave to debug since version 7. */
export const majorOf = (version: string): number => Number(version.split('.')[0])
