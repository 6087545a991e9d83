import type { Engine } from '../../io/engine/engine.ts'
import { Problem } from '../../problem/problem.ts'
import { label } from '../../release/model.ts'

/** By these every container that works on data is known, and found again after a kill. */
export const dataLabels = (project: string) => ({ [label.project]: project, [label.role]: 'data' })

/** Removes what a run that was killed has left running. Nothing of a project's data may be at work. */
export const removeLeftContainers = async (engine: Engine, project: string) => {
  const labels = Object.entries(dataLabels(project)).map(([name, value]) => `${name}=${value}`)
  const left = await engine.containers.list({ label: labels })
  for (const { Id } of left) await engine.containers.remove(Id)
}

/** The container of a service's running task. */
export const runningContainer = async (
  engine: Engine,
  swarmService: string,
  service: string,
): Promise<string> => {
  const tasks = await engine.services.tasks({
    service: [swarmService],
    'desired-state': ['running'],
  })
  const found = tasks.find((task) => task.Status.State === 'running')
  const container = found?.Status.ContainerStatus?.ContainerID
  if (container) return container
  throw new Problem({
    code: 'data/not-running',
    summary: 'A service that keeps data does not run.',
    detail: `"${service}" has no running container.`,
    fix: ['zarpe status', `zarpe logs ${service}`],
  })
}
