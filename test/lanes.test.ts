import { expect, it } from 'vitest'
import { nextFile, scenarioNames, stagesFor } from '../scripts/test/lanes.ts'

it('runs every scenario once, and only those asked for', () => {
  const filesOf = (words: string[]) =>
    stagesFor(words).flatMap((rows) => rows.flatMap(({ files }) => files))
  expect(filesOf([]).toSorted()).toEqual(scenarioNames())
  expect(filesOf(['gapless'])).toEqual(['gapless'])
  expect(filesOf(['no such scenario'])).toEqual([])
})

it('gives each worker its own row first, and then the end of the other', () => {
  const rows = [
    { name: 'a', files: ['one', 'two', 'three'] },
    { name: 'b', files: ['four'] },
  ]
  const begun = new Set<string>()
  const next = (own: number) => {
    const file = nextFile(rows, own, begun)
    if (file !== undefined) begun.add(file)
    return file
  }
  expect([next(0), next(1), next(1), next(0), next(1), next(0)]).toEqual([
    ...['one', 'four', 'three', 'two'],
    ...[undefined, undefined],
  ])
})
