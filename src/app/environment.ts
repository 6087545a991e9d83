import type { Config } from '../config/schema.ts'
import { Problem } from '../problem/problem.ts'

/** The environment a verb acts on: the one named, or the only one there is. */
export const chosenEnvironment = (config: Config, asked: string | undefined) => {
  const names = Object.keys(config.environments)
  if (asked === undefined && names.length === 1) return names[0]!
  if (asked !== undefined && names.includes(asked)) return asked
  const fix = names.map((name) => `--env ${name}`)
  if (asked !== undefined)
    throw new Problem({
      code: 'config/unknown-environment',
      summary: 'zarpe.yml has no environment of that name.',
      detail: `It has no "${asked}"; it has: ${names.join(', ') || 'none at all'}.`,
      fix,
    })
  throw new Problem({
    code: 'config/which-environment',
    summary: 'It is not clear which environment is meant.',
    detail: `zarpe.yml has ${names.length} environments: ${names.join(', ')}.`,
    fix,
  })
}

/** The file with the values of an environment in plain: the one that zarpe.yml names, or the usual one. */
export const valuesFileOf = (
  environment: string,
  { env_file }: { env_file?: string | undefined },
): string => env_file ?? `.env.${environment}`
