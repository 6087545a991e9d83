import type { Place } from '../problem/problem.ts'

// What a project's own proxy does, as far as it could be read.

/** One way in: a domain and a path that a proxy leads to a service. */
export type Way = {
  /** Null if the proxy answers under any name. */
  domain: string | null
  /** `/` or a prefix without a slash at its end. */
  path: string
  service: string
  port: number
  /** Where the proxy's own file says so. */
  place: Place
}

/** Something that a proxy does and no route can: what it is, and what follows. */
export type Left = { what: string; why: string; place: Place }

/** A header that a proxy adds to its answers. */
export type Header = { name: string; value: string; place: Place }

/** All that was read of one proxy. */
export type Reading = {
  ways: Way[]
  headers: Header[]
  left: Left[]
  /** Where a certificate authority shall send warnings; null if the proxy does not say. */
  email: { address: string; place: Place } | null
  /** Whether it also answers by itself, with files for instance, so that it is still needed. */
  serves: boolean
}

export const emptyReading = (): Reading => ({
  ways: [],
  headers: [],
  left: [],
  email: null,
  serves: false,
})

/** Several readings as one. */
export const joined = (readings: Reading[]): Reading => ({
  ways: readings.flatMap(({ ways }) => ways),
  headers: readings.flatMap(({ headers }) => headers),
  left: readings.flatMap(({ left }) => left),
  email: readings.map(({ email }) => email).find((each) => each !== null) ?? null,
  serves: readings.some(({ serves }) => serves),
})

/** A line of a proxy's file: its words, and what stands in braces behind them. */
export type Directive = {
  words: string[]
  block: Directive[] | null
  file: string
  line: number
}

/** A file that configures a proxy. */
export type ProxyFile = { file: string; text: string }

/** What a proxy's files are read with. */
export type Around = {
  /** The service that the proxy runs in, and its variables, with marks in place of values. */
  service: string
  environment: Record<string, string>
  /** Ports of its container that are 80 and 443 for the world. */
  ports: number[]
  find: FindUpstream
  /** Puts values in place of marks; null if one of them may not be shown. */
  known: (text: string) => string | null
}

/** The service and port that a proxy's upstream means, or why it means none. */
export type FindUpstream = (address: string) => { service: string; port: number } | string

/** A prefix as routes have it: `/api/`, `/api/*` and `/api*` are `/api`; null if it is no plain prefix. */
export const prefixOf = (path: string): string | null => {
  const plain = path.replace(/\/?\*$/, '').replace(/\/+$/, '') || '/'
  return /^\/[A-Za-z0-9._~/-]*$/.test(plain) ? plain : null
}

/** Whether a name is one that a route can have: whole, and no address. */
export const isDomain = (name: string): boolean =>
  /^[a-z0-9.-]+\.[a-z0-9-]*[a-z][a-z0-9-]*$/i.test(name)

export const otherPortWhy = 'only ports 80 and 443 are served'

export const pathWhy = 'it changes the path; Zarpe passes paths on as they are'

/** Said of what asks for a password or looks at addresses: opening it to everybody would be worse. */
export const guardedWhy =
  'no route is made for it, because Zarpe would open it to everybody; where a shorter route covers the path, the app itself must refuse'
