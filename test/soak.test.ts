import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../scripts/bundle.ts'
import { parts, partsFor } from '../scripts/soak/parts.ts'
import { scenarioNames } from '../scripts/test/lanes.ts'

/** A scenario and the suites that it runs. */
const textOf = (file: string) => {
  const [scenario, folder] = [`${file}.test.ts`, file].map((name) =>
    join(root, 'test', 'scenarios', name),
  ) as [string, string]
  const suites = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.suite.ts'))
    : []
  return [scenario, ...suites.map((name) => join(folder, name))]
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')
}

describe('the parts of the long runs', () => {
  it.each(parts)('$part names tests that exist', ({ file, tests }) => {
    expect(scenarioNames()).toContain(file)
    const text = textOf(file)
    for (const name of tests?.split('|') ?? []) expect(text).toContain(name)
  })

  it('are chosen by a word of theirs or by their file', () => {
    expect(partsFor(['limits']).map(({ part }) => part)).toEqual(['growth', 'flood', 'output'])
    expect(partsFor(['gapless-g']).map(({ part }) => part)).toEqual(['gapless-graceful'])
    expect(partsFor([])).toEqual(parts)
    expect(new Set(parts.map(({ part }) => part)).size).toBe(parts.length)
  })
})
