import type { EdgeApp, Route } from './model.ts'

/** What can be done to a server's edge. Each is one outside act and safe to repeat. */
export type EdgeSteps = {
  /** Makes the container run on this image; fetches the image if the server lacks it. */
  'edge.start': { image: string }
  /** Lets the running edge reach an application's network, without a restart. */
  'edge.attach': { network: string }
  'edge.detach': { network: string }
  /** Sets (or with null removes) one application's routes and settings. The same again loads nothing. */
  'edge.configure': { project: string; app: EdgeApp | null }
  /** Waits until the edge's answers on every route come from the services expected. */
  'edge.prove': {
    project: string
    routes: Route[]
    /** Names of the Swarm services that must answer, at least one for each route. */
    expect: string[]
    /** Nobody else may answer any more: needed before the old release is removed. */
    exclusive: boolean
  }
}
