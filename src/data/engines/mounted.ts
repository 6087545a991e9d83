import type { MountSpec } from '../../io/engine/types.ts'
import { Problem } from '../../problem/problem.ts'

/** The volume that is mounted at a folder; null if what is written there is gone with the container. */
export const volumeAt = (mounts: MountSpec[], folder: string): string | null =>
  mounts.find(({ Type, Target }) => Type === 'volume' && Target.replace(/\/+$/, '') === folder)
    ?.Source ?? null

/** As `volumeAt`, for what a restore is put into. */
export const requiredVolume = (volume: string | null, service: string, folder: string): string => {
  if (volume !== null) return volume
  throw new Problem({
    code: 'data/no-volume',
    summary: 'This database keeps nothing that a restore could be put into.',
    detail: `"${service}" has no volume at ${folder}; its data is gone with each container.`,
    fix: ['Mount a volume there, then: zarpe deploy'],
  })
}
