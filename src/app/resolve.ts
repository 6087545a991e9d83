import { checkConfig } from '../config/check.ts'
import type { Located } from '../config/places.ts'
import type { Config } from '../config/schema.ts'
import { parseDuration } from '../config/units.ts'
import type { ComposeProject } from '../compose/model.ts'
import { mergedProblems } from '../compose/merged.ts'
import { translateService } from '../compose/translate.ts'
import type { EdgeSettings, Route } from '../edge/model.ts'
import { type ProblemData, Problems } from '../problem/problem.ts'
import { projectName } from '../release/names.ts'
import type { EdgeFiles } from './edge-files.load.ts'
import type { App, Migration, Service } from './model.ts'
import { plainPath, routeProblems } from './routes.ts'
import { migrationProblems, serviceProblems } from './services.ts'

/** Joins zarpe.yml with the merged Compose project, or throws every mistake in them at once. */
export const resolveApp = (
  located: Located,
  config: Config,
  environmentName: string,
  compose: ComposeProject,
  composeFiles: Located[],
  { acmeRoot, maintenancePage }: EdgeFiles,
): Omit<App, 'secrets' | 'data' | 'alerts' | 'provision'> => {
  const environment = config.environments[environmentName]!
  const project = projectName(config.app, environmentName)
  const problems: ProblemData[] = [
    ...routeProblems(located, environmentName, environment.routes, compose),
    ...unknownServices(located, config, compose),
    ...(config.release.migrate ? migrationProblems(project, located) : []),
    ...mergedProblems(compose, composeFiles),
  ]
  const services = Object.keys(compose.services).map((name) => {
    const own = config.services[name]
    return translateService(project, compose, name, {
      drainMs: parseDuration(own?.drain ?? '0s') ?? 0,
      stateful: own?.stateful ?? null,
    })
  })
  problems.push(...services.flatMap((service) => serviceProblems(project, service, composeFiles)))
  if (problems.length > 0) throw new Problems(problems)
  return {
    name: config.app,
    environment: environmentName,
    project,
    servers: environment.servers.map((name) => ({ name, target: config.servers[name]! })),
    services: inOrder(services),
    routes: routesOf(environment.routes, config.edge.headers),
    maintenancePage,
    migrate: migrationOf(config),
    release: {
      healthyWithinMs: parseDuration(config.release.healthy_within)!,
      watchMs: parseDuration(config.release.watch)!,
      keep: config.release.keep,
    },
    buildOn: config.release.build_on,
    edge: edgeOf(config, acmeRoot),
  }
}

/** Reads zarpe.yml or throws every mistake in it. */
export const configOf = (located: Located): Config => {
  const { config, problems } = checkConfig(located)
  if (config === null) throw new Problems(problems)
  return config
}

const edgeOf = (config: Config, acmeRoot: string | null): EdgeSettings => ({
  ...(config.edge.email ? { email: config.edge.email } : {}),
  ...(config.edge.acme ? { acmeDirectory: config.edge.acme.directory } : {}),
  ...(acmeRoot ? { acmeRoot } : {}),
})

const routesOf = (
  routes: Config['environments'][string]['routes'],
  headers: Record<string, string>,
): Route[] =>
  Object.entries(routes).flatMap(([domain, paths]) =>
    Object.entries(paths).map(([path, upstream]) => {
      const cut = upstream.lastIndexOf(':')
      return {
        domain,
        path: plainPath(path),
        service: upstream.slice(0, cut),
        port: Number(upstream.slice(cut + 1)),
        ...(Object.keys(headers).length > 0 ? { headers } : {}),
      }
    }),
  )

const migrationOf = (config: Config): Migration | null => {
  const migrate = config.release.migrate
  if (!migrate) return null
  const command = Array.isArray(migrate.command)
    ? migrate.command
    : migrate.command.split(/\s+/).filter(Boolean)
  return { service: migrate.service, command, limitMs: parseDuration(migrate.within)! }
}

const unknownServices = (
  located: Located,
  config: Config,
  compose: ComposeProject,
): ProblemData[] => {
  const named: (readonly [readonly string[], string])[] = [
    ...Object.keys(config.services).map((name) => [['services', name], name] as const),
    ...(config.release.migrate
      ? [[['release', 'migrate', 'service'], config.release.migrate.service] as const]
      : []),
  ]
  return named
    .filter(([, name]) => !Object.hasOwn(compose.services, name))
    .map(([path, name]) => ({
      code: 'config/unknown-service',
      summary: 'zarpe.yml names a service that the Compose file does not have.',
      detail: `There is no service "${name}"; there are: ${Object.keys(compose.services).join(', ')}.`,
      place: located.placeOf(path, path[0] === 'services' ? 'key' : 'value'),
      fix: ['Correct the name, or add the service to the Compose file.'],
    }))
}

/** Services that others need come first; within that, alphabetical order. */
const inOrder = (services: Service[]): Service[] => {
  const done = new Set<string>()
  const ordered: Service[] = []
  let rest = services.toSorted((left, right) => left.name.localeCompare(right.name))
  while (rest.length > 0) {
    const next = rest.find((service) => service.after.every((name) => done.has(name))) ?? rest[0]!
    ordered.push(next)
    done.add(next.name)
    rest = rest.filter((service) => service !== next)
  }
  return ordered
}
