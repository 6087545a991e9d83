import { type Address, addressOf, isHostName, isIpv4, isIpv6 } from './host.ts'
import {
  first,
  isOn,
  listOf,
  oneOf,
  patternOf,
  type Target,
  textOf,
  type ValueType,
} from './type.ts'

const url: ValueType = {
  origin: 'varlock',
  meaning: 'A whole URL with a scheme and a host.',
  options: {
    allowedProtocols: { kind: 'list', meaning: 'schemes that are right' },
    allowedDomains: { kind: 'list', meaning: 'hosts that are right, with a port if it matters' },
    noTrailingSlash: { kind: 'boolean', meaning: 'it must not end with /' },
    matches: { kind: 'pattern', meaning: 'a regular expression that it matches' },
    prependHttps: { kind: 'boolean', meaning: 'no effect: the scheme must be written' },
  },
  sample: 'https://shop.example/hooks',
  format: (use) => {
    const schemes = listOf(use, 'allowedProtocols').map(bareScheme)
    const domains = listOf(use, 'allowedDomains')
    return [
      `a URL such as ${schemes[0] ?? 'https'}://${domains[0] ?? 'shop.example'}`,
      ...(schemes.length > 0 ? [`with the scheme ${oneOf(schemes)}`] : []),
      ...(domains.length > 0 ? [`of ${oneOf(domains)}`] : []),
      ...(isOn(use, 'noTrailingSlash') ? ['without a / at its end'] : []),
      ...(textOf(use, 'matches') ? [`that matches ${textOf(use, 'matches')}`] : []),
    ].join(' ')
  },
  wrong: (value, use) => {
    const is = addressOf(value)
    if (typeof is === 'string') return is
    const schemes = listOf(use, 'allowedProtocols').map(bareScheme)
    const domains = listOf(use, 'allowedDomains').map((each) => each.toLowerCase())
    const isAllowed = ({ host, port }: Target) =>
      domains.includes(host) || (port !== null && domains.includes(`${host}:${port}`))
    return first(
      schemes.length > 0 && !schemes.includes(is.scheme) && `its scheme is not ${oneOf(schemes)}`,
      domains.length > 0 && !is.hosts.every(isAllowed) && 'its host is not one of those allowed',
      isOn(use, 'noTrailingSlash') && value.endsWith('/') && 'it ends with /',
      !(patternOf(textOf(use, 'matches'))?.test(value) ?? true) && 'it does not match the pattern',
    )
  },
  targets: (value) => targetsOf(value),
}

const bareScheme = (text: string) => text.toLowerCase().replace(/:(\/\/)?$/, '')

const targetsOf = (value: string): Target[] => {
  const is = addressOf(value)
  return typeof is === 'string' ? [] : is.hosts
}

type Part = 'user' | 'password' | 'port' | 'path'
type Kind = {
  meaning: string
  sample: string
  /** What a URL of this kind is called, and its path. */
  what: string
  path: string
  schemes: string[]
  needs: Part[]
  wrongPath?: (path: string) => string | null
}

const partWords: Record<Part, string> = {
  user: 'user name',
  password: 'password',
  port: 'port',
  path: 'path',
}

const hasPart = (is: Address, part: Part) =>
  part === 'port' ? is.hosts.every(({ port }) => port !== null) : is[part] !== ''

/** The URL of a server that is no web server; a driver may follow its scheme, as in postgresql+asyncpg. */
const serverUrl = (kind: Kind): ValueType => ({
  origin: 'zarpe',
  meaning: `${kind.meaning} Schemes: ${kind.schemes.map((each) => `\`${each}\``).join(', ')}; a driver may follow: \`${kind.schemes[0]}+driver\`.`,
  options: {
    schemes: { kind: 'list', meaning: 'only these schemes' },
    needs: {
      kind: 'list',
      meaning: `parts that must be there, of user, password, port, path; ${kind.needs.join(', ') || 'none'} unless said`,
    },
    elsewhere: { kind: 'boolean', meaning: 'its host may be a name that no service has' },
  },
  secret: true,
  sample: kind.sample,
  format: (use) => {
    const schemes = listOf(use, 'schemes')
    return `a ${kind.what}, ${schemes[0] ?? kind.schemes[0]}://user:password@host:port${kind.path}`
  },
  wrong: (value, use) => {
    const is = addressOf(value)
    if (typeof is === 'string') return is
    const schemes = use.options['schemes'] ? listOf(use, 'schemes') : kind.schemes
    const needs = use.options['needs'] ? listOf(use, 'needs') : kind.needs
    const lacks = needs.filter(
      (part): part is Part => part in partWords && !hasPart(is, part as Part),
    )
    const right = schemes.includes(is.scheme) || schemes.includes(is.scheme.replace(/\+.*$/, ''))
    return first(
      !right && `its scheme is not ${oneOf(schemes)}`,
      lacks.length > 0 && `it has no ${oneOf(lacks.map((part) => nameOfPart(part, kind)))}`,
      kind.wrongPath?.(is.path),
    )
  },
  targets: targetsOf,
})

const nameOfPart = (part: Part, kind: Kind) =>
  part === 'path' && kind.what.startsWith('database') ? 'name of a database' : partWords[part]

const domain: ValueType = {
  origin: 'varlock',
  meaning: 'A domain name alone: no scheme, port or path.',
  options: {
    allowWildcard: { kind: 'boolean', meaning: '`*.shop.example` is right too' },
    allowSingleLabel: {
      kind: 'boolean',
      meaning: 'a name without a dot, as a service’s, is right too',
    },
    allowIp: { kind: 'boolean', meaning: 'an IPv4 address is right too' },
    normalize: { kind: 'boolean', meaning: 'it must be in lower case already' },
    matches: { kind: 'pattern', meaning: 'a regular expression that it matches' },
  },
  sample: 'shop.example',
  format: (use) =>
    `a domain name such as ${isOn(use, 'allowWildcard') ? '*.shop.example' : 'shop.example'}, without scheme or port`,
  wrong: (value, use) => {
    if (isOn(use, 'allowIp') && isIpv4(value)) return null
    const name = isOn(use, 'allowWildcard') ? value.replace(/^\*\./, '') : value
    return first(
      value.includes('://') && 'it has a scheme',
      /:\d+$/.test(value) && 'it has a port',
      !isHostName(name) && 'it is no domain name',
      !name.includes('.') && !isOn(use, 'allowSingleLabel') && 'it has no dot',
      isOn(use, 'normalize') && value !== value.toLowerCase() && 'it is not in lower case',
      !(patternOf(textOf(use, 'matches'))?.test(value) ?? true) && 'it does not match the pattern',
    )
  },
}

const ip: ValueType = {
  origin: 'varlock',
  meaning: 'An IP address.',
  options: {
    version: { kind: 'number', meaning: '4 or 6; both unless said' },
    normalize: { kind: 'boolean', meaning: 'it must be in lower case already' },
  },
  sample: '198.51.100.7',
  format: (use) => {
    const version = textOf(use, 'version')
    return version === '6'
      ? 'an IPv6 address'
      : version === '4'
        ? 'an IPv4 address'
        : 'an IP address'
  },
  wrong: (value, use) => {
    const version = textOf(use, 'version')
    const right = (version !== '6' && isIpv4(value)) || (version !== '4' && isIpv6(value))
    return first(
      !right && 'it is no such address',
      isOn(use, 'normalize') && value !== value.toLowerCase() && 'it is not in lower case',
    )
  },
}

export const addressTypes = {
  url,
  domain,
  ip,
  zarpe_databaseUrl: serverUrl({
    meaning: 'Where a database is, and who may use it.',
    sample: 'postgresql://shop:Xq7mTz2RbW9kLd4s@db:5432/shop',
    what: 'database URL',
    path: '/database',
    schemes: ['postgresql', 'postgres', 'mysql', 'mariadb', 'mongodb', 'mssql'],
    needs: ['user', 'path'],
  }),
  zarpe_redisUrl: serverUrl({
    meaning: 'Where a Redis or Valkey is.',
    sample: 'redis://:Xq7mTz2RbW9kLd4s@redis:6379/0',
    what: 'Redis URL',
    path: '/0',
    schemes: ['redis', 'rediss', 'valkey', 'valkeys'],
    needs: [],
    wrongPath: (path) =>
      /^\d*$/.test(path) ? null : 'what follows its host is no number of a database',
  }),
  zarpe_amqpUrl: serverUrl({
    meaning: 'Where a message broker is, such as RabbitMQ.',
    sample: 'amqp://shop:Xq7mTz2RbW9kLd4s@rabbitmq:5672/',
    what: 'broker URL',
    path: '/vhost',
    schemes: ['amqp', 'amqps', 'pyamqp'],
    needs: ['user', 'password'],
  }),
  zarpe_smtpUrl: serverUrl({
    meaning: 'Where mail is handed in.',
    sample: 'smtp://shop:Xq7mTz2RbW9kLd4s@mail.shop.example:587',
    what: 'mail server URL',
    path: '',
    schemes: ['smtp', 'smtps', 'submission', 'submissions'],
    needs: ['port'],
  }),
} satisfies Record<string, ValueType>
