import type { ProblemData } from '../../problem/problem.ts'
import type { Contract } from '../model.ts'
import { resolveContract } from '../resolve.ts'
import { typeNamed } from '../types/table.ts'

export type Generated = {
  /** New values by name. */
  values: Record<string, string>
  /** Required variables without a value that no type can make up, with the format expected. */
  left: { name: string; expected: string }[]
  /** Optional variables without a value that could be made up if they were named. */
  optional: string[]
  problems: ProblemData[]
}

/**
 * Makes values for the variables named, or for all that are required and have none. Never for one that
 * has a value: another key would make unreadable what the old one encrypted.
 */
export const generateValues = (
  contract: Contract,
  values: Record<string, string>,
  environment: string,
  names: string[],
  random: (bytes: number) => Buffer,
): Generated => {
  const all = resolveContract(contract, values, environment)
  const made: [string, string][] = []
  const left: Generated['left'] = []
  const optional: string[] = []
  const problems: ProblemData[] = names
    .filter((name) => !all.some((each) => each.variable.name === name))
    .map((name) => undeclared(name, contract.file))
  for (const { variable, use, required, value } of all) {
    const named = names.includes(variable.name)
    const type = use === null ? null : typeNamed(use.name)
    if (names.length === 0 && !required && value === undefined && type?.generate)
      optional.push(variable.name)
    if (!named && (names.length > 0 || !required || value !== undefined)) continue
    if (value !== undefined) problems.push(hasValue(variable.name, environment))
    else if (use !== null && type?.generate) made.push([variable.name, type.generate(use, random)])
    else if (named)
      problems.push(noGenerator(variable.name, use?.name ?? 'string', environment, variable.place))
    else left.push({ name: variable.name, expected: use && type ? type.format(use) : 'a text' })
  }
  return { values: Object.fromEntries(made), left, optional, problems }
}

export const undeclared = (name: string, file: string): ProblemData => ({
  code: 'contract/undeclared',
  summary: 'The environment contract has no such variable.',
  detail: `\`${name}\` is not in ${file}.`,
  fix: [`Add it there: ${name}=`],
})

const hasValue = (name: string, environment: string): ProblemData => ({
  code: 'contract/has-value',
  summary: 'A variable has a value already; it was not touched.',
  detail: `\`${name}\` is set in ${environment}. What was signed or encrypted with it would be lost with it.`,
  fix: ['To replace it all the same, remove its line first.'],
})

const noGenerator = (
  name: string,
  type: string,
  environment: string,
  place: ProblemData['place'] & {},
): ProblemData => ({
  code: 'contract/no-generator',
  summary: 'A value of this type cannot be made up.',
  detail: `\`${name}\` is declared as ${type}; only keys, secrets and passwords are generated.`,
  place,
  fix: [
    `zarpe env set ${name} --env ${environment}`,
    `Or give it such a type: # @type=zarpe_secret`,
  ],
})
