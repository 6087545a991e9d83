import type { ComposeTexts, ServiceTexts, Texts } from '../compose/load.ts'
import type { ComposeProject } from '../compose/model.ts'
import { isMarked, type Marks } from './marks.ts'

/** What of a service may be written, with marks in place of values. */
export type MarkedService = {
  /** As the Compose file has it; null if it is built here, or another file names it. */
  image: string | null
  /** The name as it is in the file, and with marks. */
  labels: { raw: string; name: string; value: string }[]
  environment: Record<string, string>
  /** Whether a value is part of what the service runs. */
  hasMarkedCommand: boolean
  /** The container's own port, as far as the Compose file tells. */
  port: number | null
}

export type Marked = Record<string, MarkedService>

/** Joins what Compose made of the files with the texts it was made of. */
export const markedServices = (
  project: ComposeProject,
  texts: ComposeTexts,
  values: Record<string, { name: string; value: string; isReal: boolean }>,
  marks: Marks,
): Marked => {
  const environmentOf = (service: string, own: Record<string, string | null>) => {
    const written = new Map(pairs(texts.services[service]?.environment))
    return Object.fromEntries(
      Object.entries(own).flatMap(([name, value]) => {
        if (value === null) return []
        const text = written.get(name)
        if (typeof text === 'string') return [[name, marks.fill(text)]]
        if (texts.services[service]?.isPartial)
          return [[name, marks.of({ name, value, isReal: false })]]
        // Without a text it comes from outside, or from an env_file.
        return [[name, marks.of(values[name] ?? { name, value, isReal: true })]]
      }),
    )
  }
  return Object.fromEntries(
    Object.entries(project.services).map(([name, service]) => {
      const text: ServiceTexts = texts.services[name] ?? {}
      return [
        name,
        {
          image: text.image ?? null,
          labels: [...pairs(text.labels), ...pairs(text.deploy?.labels)].map(([raw, value]) => ({
            raw,
            name: marks.fill(raw),
            value: marks.fill(value ?? ''),
          })),
          environment: environmentOf(name, service.environment ?? {}),
          hasMarkedCommand:
            text.isPartial === true ||
            [text.command ?? []].flat().some((each) => isMarked(marks.fill(each))),
          port: portOf(text, marks),
        },
      ]
    }),
  )
}

/** Both forms in which Compose takes names with values. */
export const pairs = (texts: Texts | undefined): [string, string | null][] =>
  Array.isArray(texts)
    ? texts.map((each) => {
        const [name = '', value] = each.split(/=(.*)/s)
        return [name, value ?? null]
      })
    : Object.entries(texts ?? {}).map(([name, value]) => [
        name,
        value === null ? null : String(value),
      ])

const portOf = ({ ports, expose }: ServiceTexts, marks: Marks): number | null => {
  const first = ports?.[0] ?? expose?.[0] ?? ''
  const text = marks.fill(String(typeof first === 'object' ? (first.target ?? '') : first))
  // `127.0.0.1:80:3000/tcp` is 3000 in the container.
  const own = marks.known(text.replace(/^.*:/, ''))
  return Number.parseInt(own ?? '', 10) || null
}
