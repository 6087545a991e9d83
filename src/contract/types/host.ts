/** Whether a text is an IPv4 address in its usual form. */
export const isIpv4 = (text: string): boolean =>
  /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text)

/** Whether a text is an IPv6 address, without brackets. */
export const isIpv6 = (text: string): boolean =>
  /^[0-9a-f:.]{2,45}$/i.test(text) && text.includes(':') && URL.canParse(`http://[${text}]/`)

const label = /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/

/** Whether a text is a name that DNS could know; `localhost` and a service's name are. */
export const isHostName = (text: string): boolean =>
  text.length <= 253 && text.split('.').every((each) => label.test(each)) && !/^[\d.]+$/.test(text)

/** Whether a name means the container itself. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.') || host === '0.0.0.0'

export type Address = {
  scheme: string
  user: string
  password: string
  hosts: { host: string; port: number | null }[]
  /** Without its first slash. */
  path: string
}

const shape =
  /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:([^:@/?#]*)(?::([^@/?#]*))?@)?([^/?#]*)(?:\/([^?#]*))?(?:\?[^#]*)?(?:#.*)?$/

/**
 * The parts of a URL, also of one with several hosts, or in words what is wrong with it. Stricter
 * than browsers, which mend what a database driver will not.
 */
export const addressOf = (text: string): Address | string => {
  if (/\s/.test(text)) return 'it holds a space or line end'
  const match = shape.exec(text)
  if (!match)
    return text.includes('://') ? unclear : 'it does not begin with a scheme such as https://'
  const [, scheme = '', user = '', password = '', authority = '', path = ''] = match
  if ([user, password, path].some((part) => /%(?![0-9A-Fa-f]{2})/.test(part)))
    return 'a % in it begins no escape; write %25 for a percent sign'
  const hosts = authority.split(',').map(hostOf)
  if (hosts.some((each) => each === null)) return authority === '' ? 'it has no host' : unclear
  return {
    scheme: scheme.toLowerCase(),
    user,
    password,
    hosts: hosts.filter((each) => each !== null),
    path,
  }
}

const unclear =
  'its host cannot be told; in a user name or password write @ : / ? # as %40 %3A %2F %3F %23'

const hostOf = (text: string): { host: string; port: number | null } | null => {
  const match = /^(?:\[([^\]]*)\]|([^:[\]@]*))(?::(\d{1,5}))?$/.exec(text)
  if (!match) return null
  const host = match[1] ?? match[2]!
  const port = match[3] === undefined ? null : Number(match[3])
  if (port !== null && port > 65_535) return null
  const right = match[1] === undefined ? isIpv4(host) || isHostName(host) : isIpv6(host)
  return right ? { host: host.toLowerCase(), port } : null
}

/**
 * Whether a host of a list stands for a domain: itself, `*`, `.shop.example` with all below it, or
 * `*.shop.example` for what is below it alone.
 */
export const covers = (host: string, domain: string) => {
  if (host === '*' || host === domain) return true
  const parent = /^(?:\*?)\.(.+)$/.exec(host)?.[1]
  return (
    parent !== undefined &&
    (domain.endsWith(`.${parent}`) || (host.startsWith('.') && domain === parent))
  )
}
