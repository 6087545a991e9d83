import { certificateAt } from '../io/caddy/certificate.ts'
import type { Engine } from '../io/engine/engine.ts'
import { readApps } from './files.run.ts'
import type { ObservedEdge } from './model.ts'
import { type EdgePlace, standardPlace } from './place.ts'

const askLimitMs = 2_000

/** Reads the edge of this server: its container, its files, and the certificates it shows. */
export const inspectEdge = async (
  engine: Engine,
  place: EdgePlace = standardPlace,
): Promise<ObservedEdge> => {
  const [container, apps] = await Promise.all([
    engine.containers.find(place.container),
    readApps(place.folder),
  ])
  const running = container?.State.Running ?? false
  const domains = [...new Set(apps.flatMap((app) => app.routes.map((each) => each.domain)))]
  const shown = running ? await Promise.all(domains.map((each) => shownFor(each, place))) : []
  return {
    running,
    image: container?.Config.Image ?? null,
    networks: Object.keys(container?.NetworkSettings.Networks ?? {})
      .filter((name) => name !== 'bridge')
      .toSorted(),
    apps,
    certificates: shown.flatMap(({ domain, found }) =>
      typeof found === 'string' ? [] : [{ domain, ...found }],
    ),
    late: shown.flatMap(({ domain, found }) => (found === 'late' ? [domain] : [])),
  }
}

const shownFor = async (domain: string, place: EdgePlace) => ({
  domain,
  found: await certificateAt(place.address, place.httpsPort, domain, askLimitMs),
})
