import type { Service } from '../../app/model.ts'
import { canonical } from '../../plan/fingerprint.ts'

/** Services whose images are one: built once, from the same context in the same way. */
export type SameBuild = [Service, ...Service[]]

/**
 * The builds of an app, those of one context together. Two builds of one context at once may each make a layer that they
 * share, and the next ones take either: an image would then change with nothing in it changed, and its service be replaced.
 */
export const buildsOf = (services: Service[]): SameBuild[][] => {
  const contexts = new Map<string, Map<string, SameBuild>>()
  for (const service of services) {
    if (service.image.from !== 'build') continue
    const { build } = service.image
    const builds = contexts.get(build.context) ?? new Map<string, SameBuild>()
    contexts.set(build.context, builds)
    const how = canonical(build)
    builds.set(how, [...(builds.get(how) ?? []), service] as SameBuild)
  }
  return [...contexts.values()].map((builds) => [...builds.values()])
}
