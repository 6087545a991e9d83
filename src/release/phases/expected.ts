import type { Release } from '../model.ts'

/** The Swarm services that must answer for the routes of a release. */
export const expectedNames = (release: Release): string[] => [
  ...new Set(
    release.routes.map(
      (route) =>
        release.services.find((service) => service.service === route.service)!.swarmService,
    ),
  ),
]
