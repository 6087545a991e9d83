import { expanded } from '../../io/engine/template.ts'
import type { MountSpec } from '../../io/engine/types.ts'
import { Problem } from '../../problem/problem.ts'
import { readCurrentRelease } from '../../release/records/records.run.ts'

/** A service of the release that is current, as far as an engine of data must know it. */
export type LiveService = {
  service: string
  swarmService: string
  image: string
  /** What its image's entry point is given. */
  args: string[]
  env: Record<string, string>
  mounts: MountSpec[]
}

/** What the current release says of a service, or a `Problem` before the first release of it. */
export const liveService = async (project: string, name: string): Promise<LiveService> => {
  const release = await readCurrentRelease(project)
  const found = release?.services.find(({ service }) => service === name)
  if (!found) throw notReleased(project, name)
  const {
    Image,
    Args = [],
    Command = [],
    Env = [],
    Mounts = [],
  } = found.spec.TaskTemplate.ContainerSpec
  return {
    service: name,
    swarmService: found.swarmService,
    image: Image,
    args: [...Command, ...Args].map(expanded),
    env: environmentOf(Env),
    mounts: Mounts,
  }
}

/** The variables of a service's spec. */
export const environmentOf = (given: string[] = []): Record<string, string> =>
  Object.fromEntries(
    given
      .map(expanded)
      .map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
  )

const notReleased = (project: string, service: string) =>
  new Problem({
    code: 'data/not-released',
    summary: 'The database is not there yet.',
    detail: `No release of ${project} has a service "${service}".`,
    fix: ['zarpe deploy'],
  })
