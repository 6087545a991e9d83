import { describe, expect, it } from 'vitest'
import { type Replaced, verifiersAt, withReplaced } from './replaced.ts'

const source = { from: 'service' as const, service: 'db', database: null }
const replaced = (release: number, verifier: string, role = 'app'): Replaced => ({
  dataset: 'main',
  role,
  release,
  source,
  verifier,
})

describe('passwords that releases have replaced', () => {
  // Release 5 set one, 6 another, 7 went back to 5.
  const all = [replaced(6, 'of 5'), replaced(5, 'of 4'), replaced(7, 'of 6')]

  it.each([
    [4, 'of 4'],
    [5, 'of 5'],
    [6, 'of 6'],
  ])('tell what release %i knew', (release, verifier) => {
    expect(verifiersAt(all, release).map((each) => each.verifier)).toEqual([verifier])
  })

  it('tell nothing where nothing came after', () => {
    expect(verifiersAt(all, 7)).toEqual([])
  })

  it('are written once for each release, and forgotten with the oldest', () => {
    const more = [replaced(7, 'of the run that was cut'), replaced(7, 'other', 'reporter')]
    expect(withReplaced(all, more, 5)).toEqual([all[0], all[2], more[1]])
  })
})
