import type { AnyStep } from '../../plan/kinds.ts'
import type { Observed } from '../model.ts'
import { step } from '../step.ts'

/**
 * A commit writes the pointer to the current release first and the records after it. When it was cut
 * in between, the pointer counts: what is planned begins with bringing the records in line.
 */
export const mendCommit = (seen: Observed): { mendSteps: AnyStep[]; observed: Observed } => {
  const { current, project, releases } = seen
  const isTorn = releases.some(
    ({ number, state }) => (number === current) !== (state === 'current'),
  )
  if (current === null || !isTorn) return { mendSteps: [], observed: seen }
  const commit = step.commit(project, current, 'its records were cut short')
  return {
    mendSteps: [{ ...commit, id: `again/${commit.id}` }],
    observed: {
      ...seen,
      releases: releases.map((release) => {
        if (release.number === current) return { ...release, state: 'current' as const }
        return release.state === 'current' ? { ...release, state: 'retired' as const } : release
      }),
    },
  }
}
