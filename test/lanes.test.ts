import { expect, it } from 'vitest'
import { scenarioNames, stagesFor } from '../scripts/test/lanes.ts'

it('runs every scenario once, and only those asked for', () => {
  const filesOf = (words: string[]) =>
    stagesFor(words).flatMap((rows) => rows.flatMap(({ files }) => files))
  expect(filesOf([]).toSorted()).toEqual(scenarioNames())
  expect(filesOf(['gapless'])).toEqual(['gapless'])
  expect(filesOf(['no such scenario'])).toEqual([])
})
