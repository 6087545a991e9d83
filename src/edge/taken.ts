import type { EdgeApp, Route } from './model.ts'
import { routeTaken } from './problems.ts'

type Ways = Pick<EdgeApp, 'project' | 'routes'>

/** Which other app of the server has a route already; null if nobody has. */
export const routeHolder = (apps: EdgeApp[], project: string, { domain, path }: Route) =>
  apps.find(
    (app) =>
      app.project !== project &&
      app.routes.some((each) => each.domain === domain && each.path === path),
  )?.project ?? null

/** Of two apps with one route only one would be asked, and the other could not tell why it is not. */
export const refuseTaken = (apps: EdgeApp[], { project, routes }: Ways): void => {
  const taken = routes.flatMap((route) => {
    const holder = routeHolder(apps, project, route)
    return holder === null ? [] : [{ route: `https://${route.domain}${route.path}`, holder }]
  })
  if (taken.length > 0) throw routeTaken(taken)
}
