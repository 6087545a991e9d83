import type { MountSpec } from '../../../io/engine/types.ts'

/** Where the official images keep their data. */
export const dataFolder = '/var/lib/mysql'

/** The volume that a server keeps its data in; null if there is none. */
export const volumeAt = (mounts: MountSpec[]): string | null =>
  mounts.find(({ Type, Target }) => Type === 'volume' && Target.replace(/\/+$/, '') === dataFolder)
    ?.Source ?? null
