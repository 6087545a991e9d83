import type { Facts } from '../model.ts'

/** What must be known before everything of Zarpe is taken off a server. */
export type Belongings = {
  facts: Facts
  /** Projects that still have releases here. */
  projects: string[]
  /** Services and tasks of the swarm that are not Zarpe's. */
  foreignServices: string[]
  /** Volumes of the engine, the edge's own aside: data that stays. */
  volumes: string[]
  /** Whether `setup` made the deploy user, or found it. */
  madeUser: boolean
}

export const deployUser = 'deploy'
