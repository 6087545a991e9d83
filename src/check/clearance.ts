import type { Config } from '../config/schema.ts'
import type { ProblemData } from '../problem/problem.ts'
import { fallbacksIn } from './secrets/fallbacks.ts'
import type { TextFile } from './model.ts'
import { offAt, readOff } from './off.ts'

/**
 * What no release may go out with, whether or not anybody ran `zarpe check`: secrets that would be
 * deployed with the fallback value of the Compose file. Nothing else is certain enough to be refused.
 */
export const clearance = (
  config: Config,
  environment: string,
  sources: TextFile[],
  values: Record<string, string>,
): ProblemData[] => {
  if (config.check.off['secret-fallback'] !== undefined) return []
  const { off } = readOff(sources)
  return sources
    .flatMap(fallbacksIn)
    .filter(({ name }) => !values[name])
    .filter(({ file, line }) => !offAt(off, 'secret-fallback', file, line))
    .map(({ name, ...place }) => ({
      code: 'check/secret-fallback',
      summary: 'A secret would be deployed with its fallback value.',
      detail: `\`${name}\` has no value in ${environment}; everybody who reads ${place.file} knows what would be used instead.`,
      place,
      fix: [
        `zarpe env set ${name} --env ${environment}`,
        `And write \${${name}:?} in place of the fallback, so that it cannot happen again.`,
      ],
    }))
}
