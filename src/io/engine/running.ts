import type { Engine } from './engine.ts'

/** The container of a task of a Swarm service that runs; undefined if none does. */
export const runningContainer = async (
  engine: Engine,
  swarmService: string,
): Promise<string | undefined> => {
  const tasks = await engine.services.tasks({
    service: [swarmService],
    'desired-state': ['running'],
  })
  return tasks.find((task) => task.Status.State === 'running')?.Status.ContainerStatus?.ContainerID
}
