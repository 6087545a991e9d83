import { valueBytesMax } from '../app/limits.ts'
import type { ProblemData } from '../problem/problem.ts'

/** What a name and a value must be like to be an environment variable; the value is never told. */
export const variableProblems = (name: string, value: string): ProblemData[] => [
  ...nameProblems(name),
  ...(value === ''
    ? [
        unusable(`The value of \`${name}\` is empty`, [
          'zarpe secrets edit    # to take it out, or to leave it empty on purpose',
        ]),
      ]
    : []),
  ...(value.includes('\0')
    ? [unusable(`The value of \`${name}\` holds a NUL byte`, ['Encode it, for example as base64.'])]
    : []),
  ...(Buffer.byteLength(`${name}=${value}`) > valueBytesMax
    ? [
        unusable(`The value of \`${name}\` is longer than Linux starts a program with`, [
          'Make it a file secret.',
        ]),
      ]
    : []),
]

/** What a name must be like. */
export const nameProblems = (name: string): ProblemData[] =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? []
    : [
        unusable('The name is not one of a variable', [
          'Use letters, digits and _; begin with a letter or _.',
          'The value is read from stdin or asked for, never taken from the command line.',
        ]),
      ]

const unusable = (detail: string, fix: string[]): ProblemData => ({
  code: 'secrets/unusable',
  summary: 'This cannot be the value of a variable; nothing was changed.',
  detail: `${detail}.`,
  fix,
})
