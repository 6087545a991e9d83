import { expect, it } from 'vitest'
import { problemsOf } from '../../problem/problem.ts'
import { refuseUnavailable } from './unavailable.ts'

const state = { available: ['citext'], extensions: ['plpgsql'], version: 140_022 }
const refused = (extensions: string[]) => {
  try {
    refuseUnavailable({ dataset: 'main', extensions }, state)
  } catch (error) {
    return problemsOf(error)[0]
  }
  return null
}

it('names what an image lacks, and an image of the same version', () => {
  expect(refused(['plpgsql', 'citext'])).toBe(null)
  const problem = refused(['citext', 'vector'])
  expect(problem?.detail).toContain('does not have: vector')
  expect(problem?.fix[0]).toContain('pgvector/pgvector:pg14')
  expect(problem?.fix[0]).not.toContain('17')
})
