import { parse } from 'yaml'
import type { ProxyFile } from '../model.ts'

/** Where Traefik itself can be reached, by its static configuration: arguments, variables, a file. */
export type Entrances = {
  points: Map<string, Point>
  /** Whether services without `traefik.enable` are served. */
  exposesAll: boolean
  /** A file of the static configuration that could not be read. */
  unread: string | null
}

type Point = { isPublic: boolean; middlewares: string[] }

/** What a Traefik among the services is told; none of it is written. */
export type Told = {
  command: string[]
  environment: Record<string, string | null>
  files: ProxyFile[]
  /** Ports of the container that are 80 and 443 outside. */
  ports: number[]
}

/** Names with dots in small letters, as arguments have them. */
type Settings = [name: string, value: string][]

/** Without a Traefik among the services nothing is known of its entry points. */
export const entrancesOf = (all: Told[]): Entrances => {
  const found: Entrances = { points: new Map(), exposesAll: true, unread: null }
  for (const told of all) {
    const files = told.files.map((file) => ({ file: file.file, settings: ofFile(file) }))
    found.unread ??= files.find(({ settings }) => settings === null)?.file ?? null
    const settings = [
      ...files.flatMap((file) => file.settings ?? []),
      ...ofArguments(told.command),
      ...ofEnvironment(told.environment),
    ]
    for (const [name, value] of settings) {
      const [, point, what] =
        /^entrypoints\.([^.]+)\.(address|http\.middlewares|http\.tls\.options)/.exec(name) ?? []
      if (/^(providers\.)?(docker|swarm)\.exposedbydefault$/.test(name))
        found.exposesAll = value !== 'false'
      if (point === undefined) continue
      const before = found.points.get(point) ?? { isPublic: false, middlewares: [] }
      found.points.set(
        point,
        what === 'address'
          ? { ...before, isPublic: isPublic(value, told.ports) }
          : {
              ...before,
              // Options that ask clients for certificates are as good as one.
              middlewares: [
                ...before.middlewares,
                ...(what === 'http.tls.options' ? [`of TLS options ${value}`] : listOf(value)),
              ],
            },
      )
    }
  }
  return found
}

/** The names of a list as labels and arguments have it. */
export const listOf = (value: string): string[] =>
  value
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter(Boolean)

const isPublic = (address: string, ports: number[]): boolean => {
  const [, host = '', port] = /^(.*):(\d+)(?:\/\w+)?$/.exec(address) ?? []
  return /^(0\.0\.0\.0|\[::\]|)$/.test(host) && ports.includes(Number(port))
}

/** `--name=value`, `--name value` and `--name` alone. */
const ofArguments = (words: string[]): Settings =>
  words.flatMap((word, index): Settings => {
    const [, name, value] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    if (name === undefined) return []
    const next = words[index + 1]
    return [[name.toLowerCase(), value ?? (next?.startsWith('-') ? 'true' : (next ?? 'true'))]]
  })

const ofEnvironment = (environment: Record<string, string | null>): Settings =>
  Object.entries(environment)
    .filter(([name, value]) => name.startsWith('TRAEFIK_') && value !== null)
    .map(([name, value]) => [
      name.slice('TRAEFIK_'.length).toLowerCase().replaceAll('_', '.'),
      value ?? '',
    ])

const ofFile = ({ file, text }: ProxyFile): Settings | null => {
  if (!/\.ya?ml$/.test(file)) return null
  try {
    return flat(parse(text) as unknown, '')
  } catch {
    return null
  }
}

const flat = (value: unknown, name: string): Settings =>
  Array.isArray(value)
    ? [[name, value.map(String).join(',')]]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, below]) =>
          flat(below, `${name === '' ? '' : `${name}.`}${key.toLowerCase()}`),
        )
      : [[name, String(value)]]
