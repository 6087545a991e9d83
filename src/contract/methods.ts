import { defineMethod } from '../io/wire/method.ts'

/** Of each service of the running release, something for each of its variables, by name. */
export type ByService = Record<string, Record<string, string>>

export type Given = {
  /** The release that counts; null before the first. */
  release: number | null
  services: ByService
}

/**
 * What the running release's services were given, as fingerprints under the caller's key (base64, at
 * least 32 bytes, made for this one question). Without the key they say nothing about a value.
 */
export const fingerprintEnvironment = defineMethod<{ project: string; key: string }, Given>(
  'environment.fingerprint',
)

/** What the running release's services were given: the values themselves. */
export const readEnvironment = defineMethod<{ project: string }, Given>('environment.read')
