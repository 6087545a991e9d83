import type { Observed, Release, ReleasedService } from '../model.ts'

/** What there is, what is to be, and what serves until then. */
export type Change = { observed: Observed; release: Release; current: Release | null }

const volumesOf = ({ spec }: Pick<ReleasedService, 'spec'>) =>
  (spec.TaskTemplate.ContainerSpec.Mounts ?? []).flatMap(({ Type, Source }) =>
    Type === 'volume' && Source ? [Source] : [],
  )

/** Whether two services write to one volume. */
export const shareVolume = (one: ReleasedService, other: ReleasedService): boolean =>
  volumesOf(one).some((volume) => volumesOf(other).includes(volume))

/**
 * Services that run and would write to the same volume as one that is to be, where it must not run twice: what that was
 * called before, and what it ran as before it began or ceased to keep data. Two that have shared it until now may go on.
 */
export const rivalsOf = (
  service: ReleasedService,
  { observed, release, current }: Change,
): ReleasedService[] => {
  const stays = new Set(release.services.map(({ swarmService }) => swarmService))
  const services = current?.services ?? []
  const before = services.find((each) => each.service === service.service)
  return services.filter((each) => {
    const isSame = each.service === service.service
    const isAlone = service.role === 'stateful' ? each.role === 'stateful' || isSame : isSame
    return (
      !stays.has(each.swarmService) &&
      isAlone &&
      (each.role === 'stateful' || service.role === 'stateful') &&
      shareVolume(each, service) &&
      (isSame || !before || !shareVolume(before, each)) &&
      observed.services.some(({ name, replicas }) => name === each.swarmService && replicas > 0)
    )
  })
}
