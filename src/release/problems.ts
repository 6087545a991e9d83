import { Problem } from '../problem/problem.ts'
import type { Product } from './model.ts'
import { projectName } from './names.ts'

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

/** Two apps whose names make one, with those of their environments. */
export const otherProduct = (ours: Product, theirs: Product) =>
  new Problem({
    code: 'release/other-app',
    summary: 'Another app of the server has the name that this one would have.',
    detail: `App "${ours.app}" in "${ours.environment}" would be ${projectName(ours.app, ours.environment)} there, which is app "${theirs.app}" in "${theirs.environment}".`,
    fix: [
      'Give the app or the environment another name in zarpe.yml.',
      `Or take the other one off first, where it is deployed from: zarpe remove --env ${theirs.environment}`,
    ],
  })
