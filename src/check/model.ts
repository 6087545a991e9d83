import type { ComposeProject } from '../compose/model.ts'
import type { Config } from '../config/schema.ts'
import type { Located } from '../config/places.ts'
import type { Stage } from './reading/dockerfile.ts'
import type { KnownValue } from './secrets/lines.ts'

// Everything a rule may look at, read once. Rules are pure functions of it.

export type TextFile = { file: string; text: string }

export type ComposeFile = TextFile & { located: Located }

/** A Dockerfile that the Compose file builds from, and what the build would be given. */
export type BuiltImage = TextFile & {
  services: string[]
  /** Every stage, in the order of the file. */
  stages: Stage[]
  /** The stage that becomes the image: the one that is asked for, or the last. */
  final: Stage | null
  /** Folder of the build, relative to zarpe.yml: `.` or `api`. */
  context: string
  /** Text of the .dockerignore that holds for it; null if there is none. */
  ignore: string | null
  /** Names at the top of the context. */
  contextNames: string[]
  /** Those of them that are PEM files of certificates alone. */
  certificates: string[]
}

/** The file with an environment's values. A value may be looked at by a rule; it is never printed. */
export type ValuesFile = {
  file: string
  values: Record<string, string>
  lines: Record<string, number>
}

/** One environment of a product, as far as it could be read: what could not be is null. */
export type Project = {
  environment: string
  config: Config
  configFile: Located
  composeFiles: ComposeFile[]
  /** Files that services take variables from, as `env_file` names them. */
  envFiles: string[]
  /** The merged and interpolated Compose project. */
  compose: ComposeProject | null
  images: BuiltImage[]
  values: ValuesFile | null
  /** Secrets of every environment at hand, to be looked for in files that git keeps. */
  known: KnownValue[]
  /** False when values were deliberately left out, so that nothing follows from a missing one. */
  knowsValues: boolean
  /** Names of every file that git keeps; null outside a repository. */
  tracked: string[] | null
  /** Those of them that are text of a reasonable size. */
  texts: TextFile[]
}
