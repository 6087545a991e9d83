import type { ComposeProject, ComposeService } from '../compose/model.ts'
import { unknownWhy } from './marks.ts'
import type { FindUpstream } from './model.ts'

/**
 * Looks a proxy's upstream up among the services, under every name that Compose gives them. `known` puts
 * values in place of marks.
 */
export const upstreamsOf = (
  compose: ComposeProject,
  known: (text: string) => string | null,
): FindUpstream => {
  const byName = new Map<string, string>()
  for (const [name, service] of Object.entries(compose.services))
    for (const each of namesOf(name, service)) if (!byName.has(each)) byName.set(each, name)
  return (written) => {
    const address = known(written)
    if (address === null) return unknownWhy
    const [, scheme, host, port] =
      /^(?:([a-z0-9+]+):\/\/)?([\w.-]+)(?::(\d{1,5}))?\/?$/i.exec(address) ?? []
    if (host === undefined) return `"${address}" is no host and port`
    if (scheme !== undefined && scheme !== 'http') return `the edge speaks plain HTTP to services`
    if (/^(localhost|127\.\d+\.\d+\.\d+|host\.docker\.internal)$/.test(host))
      return `${host} is the server itself, where the edge has no service to ask`
    const service = byName.get(host.toLowerCase())
    if (service === undefined) return `no service of the Compose files is called "${host}"`
    return { service, port: Number(port ?? 80) }
  }
}

const namesOf = (name: string, service: ComposeService): string[] => {
  const { container_name: own, networks } = service as {
    container_name?: unknown
    networks?: Record<string, { aliases?: unknown[] } | null>
  }
  const aliases = Object.values(networks ?? {}).flatMap((each) => each?.aliases ?? [])
  return [name, own, service.hostname, ...aliases].flatMap((each) =>
    typeof each === 'string' ? [each.toLowerCase()] : [],
  )
}
