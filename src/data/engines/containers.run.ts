import type { Engine } from '../../io/engine/engine.ts'
import { runningContainer } from '../../io/engine/running.ts'
import { Problem } from '../../problem/problem.ts'
import { label } from '../../release/model.ts'
import type { DataContext } from '../engine.ts'
import type { Priority } from '../model.ts'

/** By these every container that works on data is known, and found again after a kill. */
export const dataLabels = (project: string) => ({ [label.project]: project, [label.role]: 'data' })

/** What the kernel gives by default, and a quarter of it. */
const weights: Record<Priority, number> = { normal: 1024, low: 256 }

/** How a container that works on data gives way to what serves. Its output is read as it comes, and kept nowhere. */
export const givingWay = ({ priority = 'low' }: Pick<DataContext, 'priority'>) => ({
  CpuShares: weights[priority],
  // Where memory runs out, this is ended and not the live data.
  OomScoreAdj: 1000,
  Init: true,
  LogConfig: { Type: 'none' },
})

/** Removes what a run that was killed has left running. Nothing of a project's data may be at work. */
export const removeLeftContainers = async (engine: Engine, project: string) => {
  const labels = Object.entries(dataLabels(project)).map(([name, value]) => `${name}=${value}`)
  const left = await engine.containers.list({ label: labels })
  for (const { Id } of left) await engine.containers.remove(Id)
}

/** The container of a service's running task; a `Problem` if none runs. */
export const liveContainer = async (
  engine: Engine,
  swarmService: string,
  service: string,
): Promise<string> => {
  const container = await runningContainer(engine, swarmService)
  if (container) return container
  throw new Problem({
    code: 'data/not-running',
    summary: 'A service that keeps data does not run.',
    detail: `"${service}" has no running container.`,
    fix: ['zarpe status', `zarpe logs ${service}`],
  })
}
