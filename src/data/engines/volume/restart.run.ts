import type { Engine } from '../../../io/engine/engine.ts'
import type { Service } from '../../../io/engine/types.ts'
import { Problem } from '../../../problem/problem.ts'
import { label } from '../../../release/model.ts'
import type { DataContext } from '../../engine.ts'

const pollMs = 250
const limitMs = 3 * 60_000

/** Waits until services that were asked for new tasks have them. */
export const awaitUsers = async (users: Service[], context: DataContext) => {
  for (const service of users) {
    context.note(`new tasks of ${service.Spec.Name}`)
    await awaitRenewed(service.ID, context)
  }
}

/**
 * Asks for new tasks of every service that mounts a volume, and does not wait for them: a running container keeps the
 * folder that it was started with, whatever that is called now.
 */
export const restartUsers = async (volume: string, engine: Engine): Promise<Service[]> => {
  const users = await usersOf(volume, engine)
  for (const service of users) await engine.services.update(service.ID, renewed)
  return users
}

const usersOf = async (volume: string, engine: Engine): Promise<Service[]> =>
  (await engine.services.list({ label: [label.project] })).filter(
    ({ Spec }) =>
      'Replicated' in Spec.Mode &&
      Spec.Mode.Replicated.Replicas > 0 &&
      Spec.TaskTemplate.ContainerSpec.Mounts?.some(
        ({ Type, Source }) => Type === 'volume' && Source === volume,
      ),
  )

const renewed = (spec: Service['Spec']): Service['Spec'] => ({
  ...spec,
  TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: (spec.TaskTemplate.ForceUpdate ?? 0) + 1 },
})

const awaitRenewed = async (id: string, { engine, signal, now }: DataContext) => {
  const until = now() + limitMs
  for (;;) {
    const service = await engine.services.find(id)
    if (!service) return
    const { Mode, Name, TaskTemplate } = service.Spec
    const replicas = 'Replicated' in Mode ? Mode.Replicated.Replicas : 0
    const tasks = await engine.services.tasks({ service: [id], 'desired-state': ['running'] })
    const running = tasks.filter(
      ({ Spec, Status }) =>
        Spec.ForceUpdate === TaskTemplate.ForceUpdate && Status.State === 'running',
    )
    if (running.length >= replicas) return
    if (now() > until || signal.aborted) throw notBack(Name)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

const notBack = (service: string) =>
  new Problem({
    code: 'data/not-back',
    summary: 'The files are in place, and a service that uses them did not start again.',
    detail: `${service} has not come up within ${limitMs / 60_000} min with the restored files.`,
    fix: ['zarpe status', 'zarpe backup undo    # brings back the files that were live'],
  })
