import type { EdgeApp } from '../edge/model.ts'
import type { Release } from './model.ts'

/** What the edge is to serve of a release; null for one that has no routes. */
export const edgeAppOf = ({
  project,
  routes,
  maintenancePage,
  edge,
}: Pick<Release, 'project' | 'routes' | 'maintenancePage' | 'edge'>): EdgeApp | null =>
  routes.length === 0
    ? null
    : {
        project,
        routes,
        ...(maintenancePage === undefined ? {} : { maintenancePage }),
        settings: edge,
      }
