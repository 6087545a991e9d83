import type { Labels } from '../../io/engine/types.ts'
import { label } from '../../release/model.ts'
import type { Facts } from '../model.ts'

/** What must be known before everything of Zarpe is taken off a server. */
export type Belongings = {
  facts: Facts
  /** Projects that still have releases here. */
  projects: string[]
  /** What the swarm holds that is not Zarpe's, and would be lost with it: `service registry`. */
  foreignInSwarm: string[]
  /** Volumes of the engine, the edge's own aside: data that stays. */
  volumes: string[]
  /** Projects of which the server keeps backups: data that stays. */
  backups: string[]
  /** Whether `setup` made the deploy user, or found it. */
  madeUser: boolean
  /** Packages that `setup` has held; others were held before it. */
  held: string[]
  /** Who is logged in, under whatever name the server was called. */
  login: string
}

export const deployUser = 'deploy'

type Named = { Name: string; Labels?: Labels | null }

/** Everything that a swarm holds, as the engine lists it. */
export type InSwarm = {
  services: Named[]
  secrets: Named[]
  configs: Named[]
  networks: Named[]
  /** Machines in it, this one among them. */
  nodes: number
}

const isOurs = ({ Labels }: Named) => Labels?.[label.project] !== undefined

/**
 * Projects that are released here. A record that cannot be opened any more, because its key is lost,
 * is one all the same, and what serves tells of itself.
 */
export const projectsIn = (recorded: string[], services: Named[]): string[] =>
  [
    ...new Set([...recorded, ...services.flatMap(({ Labels }) => Labels?.[label.project] ?? [])]),
  ].toSorted()

/** What of a swarm would be lost to somebody else if this server left it. */
export const foreignIn = (swarm: InSwarm): string[] => {
  const kinds: [string, Named[]][] = [
    ['service', swarm.services],
    ['secret', swarm.secrets],
    ['config', swarm.configs],
    ['network', swarm.networks],
  ]
  const others = swarm.nodes - 1
  return [
    ...kinds.flatMap(([kind, all]) =>
      all.filter((each) => !isOurs(each)).map(({ Name }) => `${kind} ${Name}`),
    ),
    ...(others > 0 ? [`${others} other ${others === 1 ? 'machine' : 'machines'}`] : []),
  ]
}
