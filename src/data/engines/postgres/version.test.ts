import { expect, it } from 'vitest'
import { problemsOf } from '../../../problem/problem.ts'
import { refuseOlder } from './version.ts'

it('refuses what is older than PostgreSQL 14, by its version', () => {
  expect(() => refuseOlder('main', 140_000)).not.toThrow()
  try {
    refuseOlder('main', 130_021)
    expect.unreachable()
  } catch (error) {
    expect(problemsOf(error)[0]).toMatchObject({
      code: 'data/too-old',
      detail: expect.stringContaining('The server of "main" is PostgreSQL 13.'),
    })
  }
})
