import { Problem } from '../../problem/problem.ts'
import type { Observed } from '../../release/model.ts'
import { unknownService } from '../../release/problems.ts'
import type { LogQuery } from './methods.ts'

/** What was asked for and is in no record, as a problem. Lines may be there of what records have forgotten. */
export const unknownIn = (
  { releases }: Pick<Observed, 'releases'>,
  { service, release }: Pick<LogQuery, 'service' | 'release'>,
): Problem | null => {
  const numbers = releases.map(({ number }) => number)
  if (release !== null && !numbers.includes(release)) return unknownRelease(release, numbers)
  const names = [...new Set(releases.flatMap((each) => each.services.map((one) => one.service)))]
  return service === null || names.includes(service) ? null : unknownService(service, names)
}

const unknownRelease = (asked: number, numbers: number[]) =>
  new Problem({
    code: 'config/unknown-release',
    summary: 'There is no such release.',
    detail: `Release ${asked} is none of those kept (${numbers.join(', ') || 'none'}), and there is no line of it.`,
    fix: ['zarpe releases'],
  })
