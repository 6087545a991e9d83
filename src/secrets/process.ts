import type { ProblemData } from '../problem/problem.ts'
import { noValues, type SourceValues } from './source.ts'

/** How the environment of this process is called in everything that is said. */
export const processSource = 'the process environment'

/**
 * The values of the listed names in a process's environment. An empty one counts as not there: that
 * is what CI systems hand over for a secret that nobody has set.
 */
export const processValues = (
  names: string[],
  env: Record<string, string | undefined>,
): SourceValues => ({
  ...noValues(processSource),
  values: Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = env[name]
      return value ? [[name, value]] : []
    }),
  ),
})

/** A name that zarpe.yml says this process has, and that no source has: the CI's secret is not set. */
export const notSet = (name: string, place: ProblemData['place'] | undefined): ProblemData => ({
  code: 'environment/not-set',
  summary: 'A variable that the process environment is to give is not set.',
  detail: `\`${name}\` is unset or empty here, and no other source has it.`,
  ...(place ? { place } : {}),
  fix: [`export ${name}=…`, 'In CI: set the secret of that name, and hand it to the job.'],
})
