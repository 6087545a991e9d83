import { Problem } from '../problem/problem.ts'

/** A name of the command line that is no service of what is released. */
export const unknownService = (asked: string, names: string[]) =>
  new Problem({
    code: 'config/unknown-service',
    summary: 'The current release has no such service.',
    detail: `"${asked}" is none of: ${names.join(', ') || 'nothing was released yet'}.`,
    fix: ['zarpe status'],
  })

/** A verb that acts on what was released finds nothing; `detail` says what it would have done. */
export const nothingReleased = (detail: string, ...fix: string[]) =>
  new Problem({
    code: 'release/none',
    summary: 'Nothing has been released yet.',
    detail,
    fix,
  })
