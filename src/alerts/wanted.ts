import type { AlertsConfig, ChannelConfig } from '../config/alerts.ts'
import type { DataSources } from '../data/wanted/wanted.ts'
import type { ProblemData } from '../problem/problem.ts'
import type { AlertSettings, Channel } from './model.ts'
import { decoded, parseSmtp } from './smtp.ts'

/** What zarpe.yml says of alerts and cannot be known from the file alone. */
export type AlertSources = Pick<
  DataSources,
  'located' | 'config' | 'project' | 'values' | 'environment'
>

type Found<Value> = { value: Value | null; problems: ProblemData[] }

/** Whom a server is to tell, or everything that is wrong with it. No value is in a problem. */
export const alertsWanted = (
  sources: AlertSources,
): { settings: AlertSettings | null; problems: ProblemData[] } => {
  const { config, project } = sources
  const channels = Object.entries(config.alerts.to).map(([name, each]) =>
    channelOf(sources, name, each),
  )
  const heartbeat = heartbeatOf(sources, config.alerts)
  const problems = [...channels.flatMap((each) => each.problems), ...heartbeat.problems]
  const found = channels.flatMap(({ value }) => (value ? [value] : []))
  if (found.length === 0 && heartbeat.value === null) return { settings: null, problems }
  return { settings: { project, channels: found, heartbeat: heartbeat.value }, problems }
}

const channelOf = (sources: AlertSources, name: string, channel: ChannelConfig): Found<Channel> => {
  const path = ['alerts', 'to', name]
  if (channel.mail !== undefined && channel.smtp !== undefined) {
    const smtp = valueOf(sources, [...path, 'smtp'], channel.smtp, parseSmtp, smtpForm)
    const to = [channel.mail].flat()
    if (!smtp.value) return { value: null, problems: smtp.problems }
    const { user } = smtp.value
    const from = channel.from ?? (user?.includes('@') ? user : to[0]!)
    return { value: { name, kind: 'mail', to, from, smtp: smtp.value }, problems: [] }
  }
  for (const kind of ['slack', 'discord', 'ntfy', 'webhook'] as const) {
    const variable = channel[kind]
    if (variable === undefined) continue
    const { value, problems } = valueOf(sources, [...path, kind], variable, parseUrl, urlForm)
    return { value: value === null ? null : { name, kind, url: value }, problems }
  }
  return { value: null, problems: [] }
}

const heartbeatOf = (sources: AlertSources, { heartbeat }: AlertsConfig): Found<string> =>
  heartbeat === undefined
    ? { value: null, problems: [] }
    : valueOf(sources, ['alerts', 'heartbeat'], heartbeat, parseUrl, urlForm)

const urlForm = 'a URL such as https://hooks.example/…'
const smtpForm = 'a URL such as smtps://user:password@mail.example:465'

const parseUrl = (text: string): string | null => {
  const url = URL.parse(text.trim())
  if (!url || !['https:', 'http:'].includes(url.protocol)) return null
  // A login in it is decoded when it is sent.
  return decoded(url.username) === null || decoded(url.password) === null ? null : url.href
}

/** The value of a variable in the form that is needed. */
const valueOf = <Value>(
  { located, values, environment }: AlertSources,
  path: string[],
  variable: string,
  parse: (text: string) => Value | null,
  form: string,
): Found<Value> => {
  const text = Object.hasOwn(values, variable) ? values[variable]! : ''
  const value = parse(text)
  if (value !== null) return { value, problems: [] }
  const isUnset = text.trim() === ''
  return {
    value: null,
    problems: [
      {
        code: 'config/alert-value',
        summary: 'A variable that alerts need has no value of use.',
        detail: `\`${path.join('.')}\` names ${variable}, which ${isUnset ? 'has no value' : `is not ${form},`} in "${environment}".`,
        place: located.placeOf(path),
        fix: [
          `zarpe --env ${environment} env set ${variable}    # ${form}`,
          `zarpe --env ${environment} secrets set ${variable}`,
        ],
      },
    ],
  }
}
