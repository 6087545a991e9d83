import { dataFoldersOf } from '../check/reading/databases.ts'
import type { ComposeProject, ComposeService } from '../compose/model.ts'
import type { Marked } from './marked.ts'
import { imageName } from './proxies.ts'

/** A service that keeps data, and on which named volumes. */
export type Keeper = { service: string; image: string; volumes: string[] }

const caches =
  /^(redis|valkey|keydb|dragonfly|memcached|nats|etcd|zookeeper|kafka|prometheus|grafana)/

/** Whether a service is a database, a broker or a cache: its program is nobody's own. */
export const isServerOfData = (service: ComposeService): boolean =>
  dataFoldersOf(service) !== null || caches.test(imageName(service))

/** Databases, brokers, caches and whatever else has a named volume. */
export const keepersOf = (compose: ComposeProject, marked: Marked): Keeper[] =>
  Object.entries(compose.services).flatMap(([service, each]) => {
    const volumes = volumesOf(each)
    if (!isServerOfData(each) && volumes.length === 0) return []
    const other = each.build ? 'built here' : 'named in another file'
    return [{ service, image: marked[service]?.image ?? other, volumes }]
  })

const volumesOf = ({ volumes = [] }: ComposeService): string[] =>
  volumes.flatMap(({ type, source }) => (type === 'volume' && source ? [source] : []))
