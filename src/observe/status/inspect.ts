import { hostname, totalmem, uptime } from 'node:os'
import { appliedMigrations } from '../../data/migrations/applied.run.ts'
import type { Engine } from '../../io/engine/engine.ts'
import type { Stats } from '../../io/engine/types.ts'
import { diskBytes, freeMemoryBytes } from '../../io/host/machine/resources.ts'
import { inspect } from '../../release/inspect.ts'
import type { StatusFacts, Usage } from './model.ts'

export const inspectStatus = async (engine: Engine, project: string): Promise<StatusFacts> => {
  const [{ observed }, info, migrations] = await Promise.all([
    inspect(engine, { project, references: [], images: [] }),
    engine.system.info(),
    appliedMigrations(engine, project),
  ])
  const running = observed.services.flatMap((service) =>
    service.tasks.filter((task) => task.state === 'running' && task.container),
  )
  const references = [...new Set(observed.services.map((service) => service.image))]
  const [usage, images, disk] = await Promise.all([
    Promise.all(running.map((task) => usageOf(engine, task.container!))),
    Promise.all(references.map((reference) => engine.images.find(reference))),
    diskBytes(info.DockerRootDir),
  ])
  const now = Date.now()
  return {
    observed,
    machine: {
      hostname: hostname(),
      engine: info.ServerVersion,
      bootedAt: new Date(now - uptime() * 1000).toISOString(),
      memory: { totalBytes: totalmem(), freeBytes: await freeMemoryBytes() },
      disk,
    },
    usage: Object.fromEntries(usage.filter((entry) => entry !== null)),
    images: Object.fromEntries(
      references.flatMap((reference, index) => {
        const image = images[index]
        if (!image) return []
        const test = image.Config?.Healthcheck?.Test?.[0] ?? 'NONE'
        return [[reference, { createdAt: image.Created, hasHealthcheck: test !== 'NONE' }] as const]
      }),
    ),
    migrations,
    readAt: new Date(now).toISOString(),
  }
}

const usageOf = async (engine: Engine, id: string): Promise<readonly [string, Usage] | null> => {
  // A container that ended in this moment uses nothing.
  const stats = await engine.containers.stats(id).catch(() => null)
  return stats ? [id, usageFrom(stats)] : null
}

/** As `docker stats` reckons: page cache that can be dropped is not counted. */
const usageFrom = (stats: Stats): Usage => {
  const { usage = 0, limit = 0, stats: parts } = stats.memory_stats
  const cache = parts?.inactive_file ?? parts?.total_inactive_file ?? 0
  const spent = stats.cpu_stats.cpu_usage.total_usage - stats.precpu_stats.cpu_usage.total_usage
  const passed =
    (stats.cpu_stats.system_cpu_usage ?? 0) - (stats.precpu_stats.system_cpu_usage ?? 0)
  const cores = stats.cpu_stats.online_cpus ?? 1
  return {
    memoryBytes: Math.max(0, usage - cache),
    memoryLimitBytes: limit > 0 && limit < totalmem() ? limit : null,
    cpuPercent: passed > 0 ? (spent / passed) * cores * 100 : 0,
  }
}
