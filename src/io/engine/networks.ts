import { missingIsNull } from './containers.ts'
import type { Caller } from './engine.ts'
import type { Labels, Network, Volume } from './types.ts'

/** Calls about networks and volumes. */
export const networkCalls = (caller: Caller) => ({
  list: (filters: Record<string, string[]>) =>
    caller.json<Network[]>({ method: 'GET', path: '/networks', query: { filters } }),
  find: (name: string) =>
    missingIsNull(caller.json<Network>({ method: 'GET', path: `/networks/${name}` })),
  /** Creates an overlay that plain containers, such as the edge, can join while running. */
  createOverlay: (name: string, labels: Labels) =>
    caller.json<{ Id: string }>({
      method: 'POST',
      path: '/networks/create',
      body: {
        Name: name,
        Driver: 'overlay',
        Attachable: true,
        CheckDuplicate: true,
        Labels: labels,
      },
    }),
  connect: (name: string, container: string, aliases: string[] = []) =>
    caller.json<null>({
      method: 'POST',
      path: `/networks/${name}/connect`,
      body: { Container: container, EndpointConfig: { Aliases: aliases } },
    }),
  disconnect: (name: string, container: string) =>
    missingIsNull(
      caller.json<null>({
        method: 'POST',
        path: `/networks/${name}/disconnect`,
        body: { Container: container, Force: true },
      }),
    ),
  remove: (name: string) =>
    missingIsNull(caller.json<null>({ method: 'DELETE', path: `/networks/${name}` })),
  /** Null when there is no such volume. */
  findVolume: (name: string) =>
    missingIsNull(caller.json<Volume>({ method: 'GET', path: `/volumes/${name}` })),
  removeVolume: (name: string) =>
    missingIsNull(caller.json<null>({ method: 'DELETE', path: `/volumes/${name}` })),
  volumes: (filters: Record<string, string[]>) =>
    caller.json<{ Volumes: Volume[] | null }>({
      method: 'GET',
      path: '/volumes',
      query: { filters },
    }),
})
