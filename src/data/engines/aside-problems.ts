import { Problem } from '../../problem/problem.ts'

// What can be wrong with a name beside or aside of live data, of whatever kind.

export const notBeside = (name: string) =>
  new Problem({
    code: 'data/not-beside',
    summary: 'The restored data is not there to be put in place.',
    detail: `Nothing beside the live data is called "${name}".`,
    fix: ['zarpe backup restore'],
  })

export const isLive = (name: string) =>
  new Problem({
    code: 'data/is-live',
    summary: 'This is the live data.',
    detail: `"${name}" is what the app uses; only what a restore has put aside can be removed.`,
    fix: ['zarpe backup asides'],
  })
