import { missingIsNull } from './containers.ts'
import type { Caller } from './engine.ts'
import type { Labels, Secret, SwarmConfig } from './types.ts'

/** Calls about Swarm secrets and configs. The engine never gives the content of one back. */
export const secretCalls = (caller: Caller) => ({
  list: (filters: Record<string, string[]>) =>
    caller.json<Secret[]>({ method: 'GET', path: '/secrets', query: { filters } }),
  configs: () => caller.json<SwarmConfig[]>({ method: 'GET', path: '/configs' }),
  /** Null when there is no such secret. */
  find: (name: string) =>
    missingIsNull(caller.json<Secret>({ method: 'GET', path: `/secrets/${name}` })),
  /** `data` is base64. */
  create: (name: string, labels: Labels, data: string) =>
    caller.json<{ ID: string }>({
      method: 'POST',
      path: '/secrets/create',
      body: { Name: name, Labels: labels, Data: data },
    }),
  remove: (name: string) =>
    missingIsNull(caller.json<null>({ method: 'DELETE', path: `/secrets/${name}` })),
})
