import { valuesFileOf } from '../app/environment.ts'
import type { ComposeProject } from '../compose/model.ts'
import type { Located } from '../config/places.ts'
import type { Config } from '../config/schema.ts'
import type { Place, ProblemData } from '../problem/problem.ts'
import type { CheckContext } from './check.ts'

/**
 * What a contract is checked against, from what the user wrote. `compose` is null while it cannot be
 * merged yet: rules that need the services are left out then.
 */
export const contextOf = (
  config: Config,
  environment: string,
  loaded: { places: Record<string, Place>; problems: ProblemData[] },
  compose: ComposeProject | null,
  files: Located[],
): CheckContext => {
  const settings = config.environments[environment]!
  return {
    environment,
    file: valuesFileOf(environment, settings),
    places: loaded.places,
    unclear: loaded.problems.length > 0,
    routes: Object.entries(settings.routes).flatMap(([domain, paths]) =>
      Object.values(paths).map((upstream) => ({
        domain,
        service: upstream.slice(0, upstream.lastIndexOf(':')),
      })),
    ),
    services:
      compose === null
        ? null
        : Object.entries(compose.services).map(([name, service]) => ({
            name,
            ports: [
              ...(service.expose ?? []).map((each) => Number.parseInt(each, 10)),
              ...(service.ports ?? []).map(({ target }) => target),
            ],
            variables: [...Object.keys(service.environment ?? {}), ...namesIn(files, name)],
          })),
  }
}

/** Variables that the definition of a service refers to, under whatever name it passes them on. */
const namesIn = (files: Located[], service: string): string[] =>
  files.flatMap(({ value }) => {
    const { services } = (value ?? {}) as { services?: Record<string, unknown> | null }
    const text = JSON.stringify(services?.[service] ?? null)
    return Array.from(text.matchAll(/\$\{?([A-Za-z_]\w*)/g), (match) => match[1]!)
  })
