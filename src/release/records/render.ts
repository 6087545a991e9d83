import { minuteOf } from '../../problem/minute.ts'
import type { Release } from '../model.ts'

/** The record without specs, which hold the values of the environment, and without what is the edge's. */
export const publicPart = ({
  services,
  edge: _alsoHidden,
  maintenancePage: _long,
  ...release
}: Release) => ({
  ...release,
  services: services.map(({ spec: _hidden, ...service }) => service),
})

/** A release as one line of a table. */
export const releaseRow = (release: Release): string[] => [
  String(release.number),
  release.state,
  minuteOf(release.createdAt),
  release.by,
  release.git ? `${release.git.revision.slice(0, 7)}${release.git.dirty ? '+' : ''}` : '–',
  whatOf(release),
]

const whatOf = (release: Release) => {
  const back = release.rollbackTo === null ? [] : [`back to ${release.rollbackTo}`]
  const problem = release.problem ? [`failed: ${release.problem.slice(0, 80)}`] : []
  const bare = release.withoutBackup ? ['migrated without a backup'] : []
  return (
    [...back, ...bare, ...problem, ...(problem.length > 0 ? [] : release.changes)].join('; ') || '–'
  )
}
