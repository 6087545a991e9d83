import type { App } from '../../app/model.ts'
import type { Reach } from '../../io/host/network/reach.ts'
import type { Place } from '../../problem/problem.ts'
import type { Facts } from '../../server/model.ts'

/** What a domain leads to; null where DNS did not answer. */
export type DomainFacts = {
  domain: string
  place: Place
  addresses: string[] | null
  /** Authorities that may issue for it; null if every one may. */
  issuers: string[] | null
}

/** One server as an environment needs it, as far as it could be looked at. */
export type Remote = {
  environment: string
  server: string
  target: string
  place: Place
  /** Addresses at which the server is reached from outside, its own and those of its name. */
  addresses: string[]
  domains: DomainFacts[]
  ports: { port: number; reach: Reach }[]
  /** Certificates come from another authority than the public default. */
  ownAuthority: boolean
  /** Null if its agent could not be asked. */
  facts: Facts | null
  /** Null if the app could not be resolved. */
  app: App | null
}
