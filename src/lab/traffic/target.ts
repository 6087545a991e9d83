import type { TrafficOptions } from './model.ts'

/** Where and how to connect, worked out once. */
export type Target = {
  secure: boolean
  address: string
  port: number
  /** The name for SNI and certificate checks. */
  name: string
  /** The `Host` header. */
  authority: string
  ca: string | undefined
}

/** Reads the target out of the options. */
export const targetOf = (options: TrafficOptions): Target => {
  const url = new URL(options.url)
  const secure = url.protocol === 'https:'
  return {
    secure,
    address: options.address,
    port: Number(url.port || (secure ? 443 : 80)),
    name: url.hostname,
    authority: url.host,
    ca: options.ca ?? undefined,
  }
}
