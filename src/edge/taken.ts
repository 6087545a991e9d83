import type { EdgeApp, Route } from './model.ts'
import { routeTaken } from './problems.ts'

/** Which other app of the server has a route already; null if nobody has. */
const holderOf = (apps: EdgeApp[], { project }: EdgeApp, { domain, path }: Route) =>
  apps.find(
    (app) =>
      app.project !== project &&
      app.routes.some((each) => each.domain === domain && each.path === path),
  )?.project ?? null

/** The routes of an app that no other app of the server has. */
export const freeRoutes = (apps: EdgeApp[], app: EdgeApp): Route[] =>
  app.routes.filter((route) => holderOf(apps, app, route) === null)

/** Of two apps with one route only one would be asked, and the other could not tell why it is not. */
export const refuseTaken = (apps: EdgeApp[], app: EdgeApp | null): void => {
  const taken = (app?.routes ?? []).flatMap((route) => {
    const holder = holderOf(apps, app!, route)
    return holder === null ? [] : [{ route: `https://${route.domain}${route.path}`, holder }]
  })
  if (taken.length > 0) throw routeTaken(taken)
}
