import type { ComposeProject } from '../compose/model.ts'
import type { Located } from '../config/places.ts'
import type { Config } from '../config/schema.ts'
import type { ProblemData } from '../problem/problem.ts'

/** `/api/` means what `/api` does: it and everything below. */
export const plainPath = (path: string): string => path.replace(/\/+$/, '') || '/'

/** Routes that lead nowhere, and such as are told twice. */
export const routeProblems = (
  located: Located,
  environment: string,
  routes: Config['environments'][string]['routes'],
  compose: ComposeProject,
): ProblemData[] =>
  Object.entries(routes).flatMap(([domain, paths]) =>
    Object.entries(paths).flatMap(([path, upstream], index, all) => {
      const at = ['environments', environment, 'routes', domain, path]
      const place = located.placeOf(at)
      const twin = all.slice(0, index).find(([before]) => plainPath(before) === plainPath(path))
      if (twin) return [toldTwice(domain, twin[0], path, located.placeOf(at, 'key'))]
      const cut = upstream.lastIndexOf(':')
      const service = upstream.slice(0, cut)
      const port = Number(upstream.slice(cut + 1))
      if (!Object.hasOwn(compose.services, service))
        return [unknownService(service, compose, place)]
      return port >= 1 && port <= 65_535 ? [] : [badPort(upstream, place)]
    }),
  )

const toldTwice = (
  domain: string,
  first: string,
  second: string,
  place: ProblemData['place'] & {},
): ProblemData => ({
  code: 'config/same-path',
  summary: 'Two routes of a domain are one.',
  detail: `${domain}: \`${second}\` is the same as \`${first}\`; each means that path and everything below.`,
  place,
  fix: ['Take one of the two out of zarpe.yml.'],
})

const unknownService = (
  service: string,
  compose: ComposeProject,
  place: ProblemData['place'] & {},
): ProblemData => ({
  code: 'config/unknown-service',
  summary: 'zarpe.yml names a service that the Compose file does not have.',
  detail: `The route leads to "${service}"; the Compose file has: ${Object.keys(compose.services).join(', ')}.`,
  place,
  fix: ['Correct the name, or add the service to the Compose file.'],
})

const badPort = (upstream: string, place: ProblemData['place'] & {}): ProblemData => ({
  code: 'config/bad-port',
  summary: 'A route has an impossible port.',
  detail: `${upstream}: a port is a number from 1 to 65535.`,
  place,
  fix: ['Write the port on which the service listens inside its container.'],
})
