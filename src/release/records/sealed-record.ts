import { seal, unseal } from '../../secrets/seal.ts'
import type { ServiceSpec } from '../../io/engine/types.ts'
import type { Release, ReleasedService } from '../model.ts'

/** A service as it stands in a record: what it is created from is sealed, for it holds the values. */
type SealedService = Omit<ReleasedService, 'spec'> & { sealed: string }

/** A record as it is written. Before there were seals, services stood in it with a plain `spec`. */
export type SealedRelease = Omit<Release, 'services'> & {
  services: (SealedService | ReleasedService)[]
}

/** A release as it may be written to a disk: the record alone discloses no value. */
export const sealRelease = (key: Uint8Array, release: Release): SealedRelease => ({
  ...release,
  services: release.services.map(({ spec, ...service }) => ({
    ...service,
    sealed: seal(key, JSON.stringify(spec), placeOf(release, service)),
  })),
})

/** The release of a record, or null when a seal cannot be opened: its key is lost, or it was changed. */
export const openRelease = (key: Uint8Array, record: SealedRelease): Release | null => {
  // A hand that has been at the file may have left anything.
  if (!Array.isArray(record.services)) return null
  const services: ReleasedService[] = []
  for (const service of record.services as unknown[]) {
    if (!isService(service)) return null
    if ('spec' in service) services.push(service)
    else {
      const { sealed, ...rest } = service
      const text = unseal(key, sealed, placeOf(record, service))
      if (text === null) return null
      services.push({ ...rest, spec: JSON.parse(text) as ServiceSpec })
    }
  }
  return { ...record, services }
}

const isService = (value: unknown): value is SealedRelease['services'][number] =>
  typeof value === 'object' &&
  value !== null &&
  ('spec' in value || ('sealed' in value && typeof value.sealed === 'string'))

/** Whether a record is from before there were seals. */
export const isPlain = (record: SealedRelease): boolean =>
  Array.isArray(record.services) &&
  record.services.some((service) => isService(service) && 'spec' in service)

const placeOf = (
  { project, number }: Pick<Release, 'project' | 'number'>,
  { service }: Pick<ReleasedService, 'service'>,
) => JSON.stringify([project, number, service])
