import { missingIsNull } from './containers.ts'
import type { Caller } from './engine.ts'
import { EngineError } from './http.ts'
import type { Node, Service, ServiceSpec, Task } from './types.ts'

/** How often an update is tried again when another writer was faster. */
const staleRetriesMax = 5

/** Calls about Swarm services, their tasks, and nodes. */
export const serviceCalls = (caller: Caller) => {
  const inspect = (id: string) =>
    missingIsNull(caller.json<Service>({ method: 'GET', path: `/services/${id}` }))

  return {
    list: (filters: Record<string, string[]>) =>
      caller.json<Service[]>({ method: 'GET', path: '/services', query: { filters } }),
    /** Null when there is no such service. */
    find: inspect,
    create: (spec: ServiceSpec) =>
      caller.json<{ ID: string }>({ method: 'POST', path: '/services/create', body: spec }),
    /**
     * Changes a service through `change`, which gets the present spec; tried again when the version
     * is stale, which the API reports as 500 "update out of sequence".
     */
    update: async (id: string, change: (spec: ServiceSpec) => ServiceSpec) => {
      for (let attempt = 1; ; attempt++) {
        const service = await inspect(id)
        if (!service)
          throw new EngineError(404, `service ${id} not found`, {
            method: 'POST',
            path: `/services/${id}/update`,
          })
        try {
          await caller.json<unknown>({
            method: 'POST',
            path: `/services/${service.ID}/update`,
            query: { version: service.Version.Index },
            body: change(service.Spec),
          })
          return
        } catch (error) {
          const stale = error instanceof EngineError && error.message.includes('out of sequence')
          if (!stale || attempt >= staleRetriesMax) throw error
        }
      }
    },
    remove: (id: string) =>
      missingIsNull(caller.json<null>({ method: 'DELETE', path: `/services/${id}` })),
    tasks: (filters: Record<string, string[]>) =>
      caller.json<Task[]>({ method: 'GET', path: '/tasks', query: { filters } }),
    nodes: () => caller.json<Node[]>({ method: 'GET', path: '/nodes' }),
    logs: (id: string, query: Record<string, string | number | boolean>) =>
      caller.stream({
        method: 'GET',
        path: `/services/${id}/logs`,
        query: { stdout: true, stderr: true, ...query },
      }),
  }
}
