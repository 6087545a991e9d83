import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

// The rules of the house that no compiler knows. Each failure names the file and what to do.

const root = join(import.meta.dirname, '..')
const linesMax = 300
const columnsMax = 180

const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))

const text = (file: string) => readFileSync(join(root, file), 'utf8')

const importsOf = (file: string) =>
  [
    ...text(file).matchAll(
      /^(?:import|export)\s(?:[^'"]*?from\s)?['"]([^'"]+)['"]|import\(['"]([^'"]+)['"]\)/gm,
    ),
  ].map((match) => (match[1] ?? match[2])!)

const roomOf = (file: string) => file.split('/')[1]!
/** The room of a file within a house such as `src/release`; its first level is none. */
const innerRoomOf = (house: string, file: string) =>
  new RegExp(`^src/${house}/([^/]+)/`).exec(file)?.[1]
const isTest = (file: string) => file.endsWith('.test.ts')

/** Rooms whose files may reach the world whatever their name says: the doors, the ends, the lab. */
const worldly = new Set(['io', 'lab', 'cli', 'agent', 'main.ts'])
const effectful = /(^|[./])(load|inspect|run|command)\.ts$/
const isPure = (file: string) =>
  !worldly.has(roomOf(file)) && !effectful.test(file) && !isTest(file)

/** Node modules that only compute. */
const harmless = new Set([
  'node:crypto',
  'node:util',
  'node:path',
  'node:zlib',
  'node:stream',
  'node:stream/promises',
])
const doorsOnly = new Set([
  'node:fs',
  'node:fs/promises',
  'node:child_process',
  'node:net',
  'node:http',
  'node:https',
  'node:tls',
  'node:http2',
  'node:dgram',
])

/** The tables, which know every room by design. */
const tables = new Set([
  'src/runners.ts',
  'src/agent/runners.ts',
  'src/agent/handlers.ts',
  'src/plan/kinds.ts',
  'src/edge/runners.ts',
  'src/server/runners.ts',
  'src/release/runners.ts',
  'src/data/stores/table.ts',
])

describe('tidy', () => {
  it('keeps files small', () => {
    const large = sources.filter((file) => text(file).split('\n').length > linesMax)
    expect(large, `split these by what they do; ${linesMax} lines at most`).toEqual([])
  })

  it('keeps lines readable', () => {
    const wide = sources
      .filter((file) => !isTest(file))
      .filter((file) =>
        text(file)
          .split('\n')
          .some((line) => line.length > columnsMax),
      )
    expect(wide, `no line over ${columnsMax} columns`).toEqual([])
  })

  it('opens files, sockets and processes only in io, the lab and the agent', () => {
    const wrong = sources
      .filter((file) => !['io', 'lab', 'agent'].includes(roomOf(file)) && !isTest(file))
      .flatMap((file) =>
        importsOf(file)
          .filter((name) => doorsOnly.has(name))
          .map((name) => `${file}: ${name}`),
      )
    expect(wrong, 'call a function of src/io instead').toEqual([])
  })

  it('keeps pure files pure', () => {
    const wrong = sources.filter(isPure).flatMap((file) =>
      tables.has(file)
        ? []
        : importsOf(file)
            .filter((name) =>
              name.startsWith('node:') ? !harmless.has(name) : effectful.test(name),
            )
            .filter((name) => !isTypeOnly(file, name))
            .map((name) => `${file}: ${name}`),
    )
    expect(
      wrong,
      'the last word of a name says what a file may do: load, inspect, run, command',
    ).toEqual([])
  })

  it('has no clock, randomness or prompt in plans', () => {
    const wrong = sources
      .filter((file) => file.endsWith('plan.ts'))
      .filter((file) =>
        /Date\.now\(|new Date\(\)|Math\.random|randomUUID|readline/.test(text(file)),
      )
    expect(wrong).toEqual([])
  })

  it.each(['release', 'check', 'contract', 'server', 'io/host'])(
    'has no circle of rooms in %s',
    (house) => {
      const arrows = sources
        .filter((file) => !isTest(file))
        .flatMap((file) =>
          importsOf(file).flatMap((name) => {
            const [from, to] = [
              innerRoomOf(house, file),
              innerRoomOf(house, join(file, '..', name)),
            ]
            return from && to && from !== to ? [{ from, to }] : []
          }),
        )
      const leadsTo = (from: string, to: string, seen: string[] = []): boolean =>
        arrows.some(
          (arrow) =>
            arrow.from === from &&
            (arrow.to === to ||
              (!seen.includes(arrow.to) && leadsTo(arrow.to, to, [...seen, arrow.to]))),
        )
      const rooms = [...new Set(arrows.map(({ from }) => from))]
      expect(rooms).not.toEqual([])
      expect(
        rooms.filter((room) => leadsTo(room, room)),
        'what two rooms need of each other belongs to a third, or to the first level',
      ).toEqual([])
    },
  )

  it('has no drawers', () => {
    const drawers = sources.filter((file) =>
      /(^|\/)(utils?|helpers?|common|misc)(\/|\.ts)/.test(file),
    )
    expect(drawers, 'give each thing its home').toEqual([])
  })

  it('runs no shell', () => {
    const wrong = sources.filter((file) =>
      /shell:\s*true|\bexecSync\(|\bexec\(['"`]/.test(text(file)),
    )
    expect(wrong, 'run(file, argv); remote scripts are constants').toEqual([])
  })

  it('quotes for a shell in one place, and only constants', () => {
    const users = sources.filter(
      (file) => importsOf(file).some((name) => name.endsWith('/quote.ts')) && !isTest(file),
    )
    expect(users.toSorted()).toEqual(['src/io/ssh/connect.ts', 'src/io/ssh/script.ts'])
  })

  it('leaves nothing for later', () => {
    const word = new RegExp(['TO', 'DO|FIX', 'ME|XX', 'X'].join(''))
    expect(sources.filter((file) => word.test(text(file)))).toEqual([])
  })
})

const isTypeOnly = (file: string, name: string) =>
  new RegExp(`import type [^;]*?['"]${name.replaceAll(/[.\\/]/g, '\\$&')}['"]`).test(text(file))
