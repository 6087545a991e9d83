import { posix } from 'node:path'
import type { Engine } from '../io/engine/engine.ts'
import { runningContainer } from '../io/engine/running.ts'
import type { MountSpec } from '../io/engine/types.ts'
import { readText } from '../io/host/files/durable.ts'
import { mountsIn, onThisMachine } from '../io/host/machine/mounts.ts'
import { Problem } from '../problem/problem.ts'
import type { ReleasedService } from '../release/model.ts'

/**
 * Mounts with the secret files of a service, for a plain container. A plain container cannot have Swarm's
 * secrets, and the engine gives their content to nobody: the files of a task that runs are mounted, in
 * memory as they are, with their owner and rights.
 */
export const secretMounts = async (
  engine: Engine,
  service: ReleasedService,
): Promise<MountSpec[]> => {
  const targets = (service.spec.TaskTemplate.ContainerSpec.Secrets ?? []).map(({ File }) =>
    posix.resolve('/run/secrets', File.Name),
  )
  if (targets.length === 0) return []
  const container = await runningContainer(engine, service.swarmService)
  const pid = container ? (await engine.containers.inspect(container)).State.Pid : 0
  if (pid === 0) throw noTask(service, targets)
  const [inside, here] = await Promise.all([mountsOf(pid), mountsOf('self')])
  return targets.map((target) => {
    const source = onThisMachine(target, inside, here)
    if (!source) throw noTask(service, [target])
    return { Type: 'bind', Source: source, Target: target, ReadOnly: true }
  })
}

const mountsOf = async (process: number | 'self') =>
  mountsIn((await readText(`/proc/${process}/mountinfo`)) ?? '')

const noTask = ({ service }: ReleasedService, targets: string[]) =>
  new Problem({
    code: 'console/no-secret-files',
    summary: 'No task of the service runs, and only one has its secret files.',
    detail: `"${service}" mounts ${targets.join(', ')}; a container of its own gets them from a task that runs.`,
    fix: ['zarpe status', `zarpe scale ${service}=1`],
  })
