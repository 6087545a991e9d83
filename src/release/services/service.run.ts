import type { Engine } from '../../io/engine/engine.ts'
import type { ServiceSpec } from '../../io/engine/types.ts'
import type { Runner } from '../../plan/runner.ts'
import { waitFor } from '../../plan/wait.ts'
import { label } from '../model.ts'
import { withSecretIds } from '../secrets/secret.run.ts'

export const runStart: Runner<'service.start'> = async ({ spec }, { engine }) => {
  const found = await engine.services.find(spec.Name)
  const whole = await withSecretIds(engine, spec)
  if (!found) return void (await engine.services.create(whole))
  // Under one name there is one version; another one here means that its record was lost.
  const same = found.Spec.Labels[label.hash] === spec.Labels[label.hash]
  await engine.services.update(found.ID, (present) =>
    same ? { ...present, Mode: spec.Mode } : whole,
  )
}

export const runApply: Runner<'service.apply'> = async ({ spec }, { engine }) => {
  const found = await engine.services.find(spec.Name)
  const whole = await withSecretIds(engine, spec)
  if (!found) return void (await engine.services.create(whole))
  await engine.services.update(found.ID, (present) => ({
    ...whole,
    // Without the engine's own counter it would restart tasks of an equal spec.
    TaskTemplate: { ...whole.TaskTemplate, ForceUpdate: present.TaskTemplate.ForceUpdate ?? 0 },
  }))
}

/** Scales to nothing and waits until the last task is gone: Swarm takes it out of DNS first. */
export const runRetire: Runner<'service.retire'> = async ({ service }, context) => {
  const found = await context.engine.services.find(service)
  if (!found) return
  await context.engine.services.update(found.ID, scaledTo(0))
  await waitUntilIdle(found.ID, context)
}

export const runRemove: Runner<'service.remove'> = async ({ service }, context) => {
  const found = await context.engine.services.find(service)
  if (!found) return
  const containers = await containersOf(context.engine, found.ID)
  await context.engine.services.remove(found.ID)
  await waitFor(context, async () => {
    const left = await Promise.all(containers.map((id) => context.engine.containers.find(id)))
    const running = left.filter((each) => each?.State.Running).length
    if (running > 0) context.note(`${running} still stopping`)
    return running === 0
  })
}

const scaledTo =
  (replicas: number) =>
  (present: ServiceSpec): ServiceSpec => ({
    ...present,
    Mode: { Replicated: { Replicas: replicas } },
  })

const waitUntilIdle = (id: string, context: Parameters<Runner<'service.retire'>>[1]) =>
  waitFor(context, async () => {
    const tasks = await context.engine.services.tasks({ service: [id] })
    const busy = tasks.filter((task) => ['running', 'starting'].includes(task.Status.State))
    if (busy.length > 0) context.note(`${busy.length} draining`)
    return busy.length === 0
  })

const containersOf = async (engine: Engine, id: string) => {
  const tasks = await engine.services.tasks({ service: [id] })
  return tasks
    .map((task) => task.Status.ContainerStatus?.ContainerID)
    .filter((container) => container !== undefined)
    .filter((container) => container !== '')
}
