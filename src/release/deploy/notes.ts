import { mebibytes } from '../../problem/mebibytes.ts'
import type { Observed, Release, Wanted } from '../model.ts'
import { unansweredNotes } from '../phases/edge.plan.ts'

/** What a deploy's plan says beside its steps. */
export const notesOf = (
  wanted: Wanted,
  observed: Observed,
  release: Release,
  before: { dropped: Release | null; resumed: Release | null },
): string[] => {
  const needed = memoryNeeded(wanted)
  const memory = `memory needed beside the old release: ${mebibytes(needed)}; free: ${mebibytes(observed.memoryFreeBytes)}`
  const { dropped, resumed } = before
  return [
    ...release.changes.map((change) => `change: ${change}`),
    ...unansweredNotes(release),
    ...backupNotes(wanted, observed, release),
    ...(resumed ? [`release ${resumed.number} was cut short; it is taken up again`] : []),
    ...(dropped ? [`release ${dropped.number} was cut short; it is taken back first`] : []),
    ...(needed > 0 ? [memory] : []),
    ...diskNotes(observed, release),
  ]
}

/** A migration without a way back is said aloud. */
const backupNotes = (wanted: Wanted, observed: Observed, release: Release): string[] => {
  if (!release.migration || observed.current === null) return []
  if (wanted.data === null)
    return ['no backup is taken before the migration: zarpe.yml names no `databases`']
  return wanted.backup ? [] : ['no backup is taken before the migration: --no-backup']
}

/** Layers that the server has already are not known here, so this is the most it can be. */
const diskNotes = (observed: Observed, release: Release): string[] => {
  const needed = release.services
    .filter((service) => !observed.images[service.image.reference])
    .reduce((sum, { image }) => sum + (image.sizeBytes ?? 0), 0)
  if (needed === 0) return []
  const tight = needed > observed.diskFreeBytes ? ' (it may not be enough)' : ''
  return [
    `disk for new images: at most ${mebibytes(needed)}; free: ${mebibytes(observed.diskFreeBytes)}${tight}`,
  ]
}

const memoryNeeded = (wanted: Wanted) =>
  wanted.services
    .filter((service) => service.role === 'service')
    .map((service) => {
      const limit = service.specFor(0).TaskTemplate.Resources?.Limits?.MemoryBytes ?? 0
      return limit * service.replicas
    })
    .reduce((sum, each) => sum + each, 0)
