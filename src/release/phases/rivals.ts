import type { Observed, Release, ReleasedService } from '../model.ts'

const volumesOf = ({ spec }: Pick<ReleasedService, 'spec'>) =>
  (spec.TaskTemplate.ContainerSpec.Mounts ?? []).flatMap(({ Type, Source }) =>
    Type === 'volume' && Source ? [Source] : [],
  )

/** Whether two services write to one volume. */
export const shareVolume = (one: ReleasedService, other: ReleasedService): boolean =>
  volumesOf(one).some((volume) => volumesOf(other).includes(volume))

/**
 * Services that run and would write to the same volume as one that keeps data, which must not run twice: what it was
 * called before, or as what it ran before it kept data.
 */
export const rivalsOf = (
  service: ReleasedService,
  { observed, release, current }: { observed: Observed; release: Release; current: Release | null },
): ReleasedService[] => {
  const stays = new Set(release.services.map(({ swarmService }) => swarmService))
  return (current?.services ?? []).filter(
    (each) =>
      !stays.has(each.swarmService) &&
      (each.role === 'stateful' || each.service === service.service) &&
      shareVolume(each, service) &&
      observed.services.some(({ name, replicas }) => name === each.swarmService && replicas > 0),
  )
}
