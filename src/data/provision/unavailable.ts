import { Problem } from '../../problem/problem.ts'
import type { ProvisionWanted } from './model.ts'
import type { ProvisionState } from './state.ts'

/** Refuses what the image of a database does not bring. An image that would is of the same version: no other reads its data. */
export const refuseUnavailable = (
  wanted: Pick<ProvisionWanted, 'dataset' | 'extensions'>,
  { available, extensions, version }: Pick<ProvisionState, 'available' | 'extensions' | 'version'>,
) => {
  const known = new Set([...available, ...extensions])
  const unknown = wanted.extensions.filter((name) => !known.has(name))
  if (unknown.length === 0) return
  const major = Math.floor(version / 10_000)
  throw new Problem({
    code: 'data/no-such-extension',
    summary: 'An extension is not in the image of the database.',
    detail: `The service of "${wanted.dataset}" does not have: ${unknown.join(', ')}.`,
    fix: [
      `Take an image of PostgreSQL ${major} that has it, such as pgvector/pgvector:pg${major} or one of postgis/postgis:${major}-….`,
      'Or correct `provision.extensions` in zarpe.yml.',
    ],
  })
}
