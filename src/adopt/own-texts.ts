import type { ComposeTexts, ServiceTexts, Texts } from '../compose/load.ts'
import type { ComposeProject } from '../compose/model.ts'
import type { Located } from '../config/places.ts'
import { pairs } from './marked.ts'

type Raw = ServiceTexts & { extends?: unknown }

/**
 * The texts of services as these very files have them, for where Compose does not join them with every `${…}` left in place: it
 * refuses one where a number or one of a few words must stand. What comes from a file that these include or
 * extend is not among them, so such a service is partial, and nothing of it may be written.
 */
export const ownTexts = ({ services }: ComposeProject, files: Located[]): ComposeTexts => {
  const parts = Object.keys(services).map((name): [string, Raw[]] => [
    name,
    files.flatMap(({ value }) => {
      const own = (value as { services?: Record<string, Raw | null> } | null)?.services ?? {}
      return Object.hasOwn(own, name) ? [own[name] ?? {}] : []
    }),
  ])
  return {
    services: Object.fromEntries(parts.map(([name, raws]) => [name, joined(raws)])),
  }
}

const joined = (raws: Raw[]): ServiceTexts => {
  const last = <Key extends keyof Raw>(key: Key) => raws.findLast((raw) => raw[key] != null)?.[key]
  const image = last('image')
  const command = last('command')
  return {
    ...(image === undefined ? {} : { image }),
    ...(command === undefined ? {} : { command }),
    environment: merged(raws.map(({ environment }) => environment)),
    labels: merged(raws.map(({ labels }) => labels)),
    deploy: { labels: merged(raws.map(({ deploy }) => deploy?.labels)) },
    ports: raws.flatMap(({ ports }) => ports ?? []),
    expose: raws.flatMap(({ expose }) => expose ?? []),
    isPartial: raws.length === 0 || raws.some((raw) => raw.extends !== undefined),
  }
}

const merged = (all: (Texts | null | undefined)[]): Texts =>
  Object.fromEntries(all.flatMap((texts) => pairs(texts ?? undefined)))
