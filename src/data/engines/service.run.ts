import type { Engine } from '../../io/engine/engine.ts'
import { expanded } from '../../io/engine/template.ts'
import type { MountSpec } from '../../io/engine/types.ts'
import { Problem } from '../../problem/problem.ts'
import { label } from '../../release/model.ts'
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

/**
 * A service of the current release as it runs, or as the release says where it is not to run; a `Problem` before the
 * first release of it. In the middle of a release, what keeps data is already of that release: of a newer version, or
 * with another password.
 */
export const liveService = async (
  { engine, project }: { engine: Engine; project: string },
  name: string,
): Promise<LiveService> => {
  const release = await readCurrentRelease(project)
  const found = release?.services.find(({ service }) => service === name)
  if (!found) throw notReleased(project, name)
  const serving = (await allServing(engine, project, name)).find(
    ({ Spec }) => Spec.Name === found.swarmService,
  )
  const {
    Image,
    Args = [],
    Command = [],
    Env = [],
    Mounts = [],
  } = (serving?.Spec ?? found.spec).TaskTemplate.ContainerSpec
  return {
    service: name,
    swarmService: found.swarmService,
    image: Image,
    args: [...Command, ...Args].map(expanded),
    env: environmentOf(Env),
    mounts: Mounts,
  }
}

/** The service of the app that is to run under a name now, if there is one. */
export const servingAs = async (engine: Engine, project: string, service: string) =>
  (await allServing(engine, project, service))[0]

/** More than one while a release replaces it. */
const allServing = async (engine: Engine, project: string, service: string) => {
  const labels = [`${label.project}=${project}`, `${label.service}=${service}`]
  const found = await engine.services.list({ label: labels })
  return found.filter(
    ({ Spec: { Labels, Mode } }) =>
      Labels[label.role] !== 'job' && 'Replicated' in Mode && Mode.Replicated.Replicas > 0,
  )
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
