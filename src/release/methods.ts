import { defineMethod } from '../io/wire/method.ts'
import type { ProvisionWanted } from '../data/provision/model.ts'
import type { Observed } from './model.ts'

/**
 * What an image's name in the Compose file stands for, as the server's engine sees it; `processors` are those that a
 * registry, when it was asked, had the image for.
 */
export type Resolved =
  | { reference: string; digest: string; processors?: string[] }
  | { problem: string }

export type InspectParams = {
  project: string
  /** Names from the Compose file to resolve to digests. */
  references: string[]
  /** Digest references: does the server have them? */
  images: string[]
  /** What its databases should have; a deploy alone asks. */
  provision?: ProvisionWanted[]
}

export type InspectResult = {
  observed: Observed
  resolved: Record<string, Resolved>
  /** What hashes of the project's services are made with; never shown, never in a plan. */
  hashKey: string
}

/**
 * Opens the server's engine, at the unix socket named, to the user that is logged in, so that the
 * laptop's `docker build` works there; and the door through which the engine learns its digests.
 * Both close with the connection, or before by `closeBuild`.
 */
export const openBuild = defineMethod<{ socket: string }, null>('build.open')
export const closeBuild = defineMethod<null, null>('build.close')

/** Reads everything about a project on a server. Changes nothing. */
export const inspectProject = defineMethod<InspectParams, InspectResult>('project.inspect')
