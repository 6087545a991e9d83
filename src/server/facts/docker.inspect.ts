import { z } from 'zod'
import { type DockerFacts, noSwarm, type UnitFacts } from '../model.ts'
import { isInstalled, readOutput } from './read.inspect.ts'

const infoSchema = z.object({
  ServerVersion: z.string().default(''),
  ContainersRunning: z.number().default(0),
  Swarm: z
    .object({
      LocalNodeState: z
        .enum(['inactive', 'active', 'pending', 'error', 'locked'])
        .catch('inactive'),
      ControlAvailable: z.boolean().default(false),
      NodeAddr: z.string().default(''),
      Nodes: z.number().default(0),
      Cluster: z
        .object({
          Spec: z.object({
            Orchestration: z.object({ TaskHistoryRetentionLimit: z.number().default(5) }),
            // In nanoseconds.
            Dispatcher: z.object({ HeartbeatPeriod: z.number().default(5e9) }).prefault({}),
          }),
        })
        .nullish(),
    })
    .nullish(),
})

/** The engine that is installed and the swarm it is in, or null if none is installed. */
export const inspectDocker = async (
  packages: string[],
  units: Record<string, UnitFacts>,
): Promise<DockerFacts | null> => {
  const origin = originOf(packages, units)
  const clientPresent = await isInstalled('docker', ['--version'])
  if (!origin) return null
  const text = clientPresent ? await readOutput('docker', ['info', '--format', '{{json .}}']) : ''
  const parsed = infoSchema.safeParse(text ? JSON.parse(text) : {})
  const info = parsed.success ? parsed.data : infoSchema.parse({})
  const swarm = info.Swarm
  const spec = swarm?.Cluster?.Spec
  return {
    origin,
    clientPresent,
    version: info.ServerVersion,
    runningContainers: info.ContainersRunning,
    swarm: swarm
      ? {
          state: swarm.LocalNodeState,
          isManager: swarm.ControlAvailable,
          address: swarm.NodeAddr,
          nodes: swarm.Nodes,
          taskHistoryLimit:
            spec?.Orchestration.TaskHistoryRetentionLimit ?? noSwarm.taskHistoryLimit,
          heartbeatSeconds: spec ? spec.Dispatcher.HeartbeatPeriod / 1e9 : noSwarm.heartbeatSeconds,
        }
      : noSwarm,
  }
}

const originOf = (
  packages: string[],
  units: Record<string, UnitFacts>,
): DockerFacts['origin'] | null => {
  if (units['snap.docker.dockerd.service']) return 'snap'
  if (packages.includes('docker-ce')) return 'docker-ce'
  if (packages.includes('docker.io')) return 'docker.io'
  return units['docker.service'] ? 'unknown' : null
}
