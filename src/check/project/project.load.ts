import { composeSources, readConfig } from '../../app/app.load.ts'
import { type EdgeFiles, loadEdgeFiles } from '../../app/edge-files.load.ts'
import { localBinds } from '../../app/binds.ts'
import type { App } from '../../app/model.ts'
import { joinApp } from '../../app/joined.load.ts'
import { chosenEnvironment, valuesFileOf } from '../../app/environment.ts'
import { checkComposeFiles } from '../../compose/check.ts'
import { envFilesOf } from '../../compose/env-files.ts'
import { mergeCompose } from '../../compose/load.ts'
import { checkContract, toldOnce } from '../../contract/check.ts'
import { contextOf } from '../../contract/context.ts'
import { loadContract } from '../../contract/contract.load.ts'
import type { Contract } from '../../contract/model.ts'
import { defaultsOf } from '../../contract/resolve.ts'
import type { ComposeProject } from '../../compose/model.ts'
import { checkConfig } from '../../config/check.ts'
import { locate, type Located } from '../../config/places.ts'
import type { Config } from '../../config/schema.ts'
import { absolute } from '../../io/host/files/durable.ts'
import { type ProblemData, problemsOf } from '../../problem/problem.ts'
import { loadEnvironment } from '../../secrets/environment.load.ts'
import { loadImages } from './images.load.ts'
import type { ComposeFile, Project } from '../model.ts'
import { loadRepository, type Repository } from './repository.load.ts'
import { knownValues } from '../secrets/lines.ts'
import { isSecretName } from '../secrets/secrets.ts'
import { loadValues, placeholdersFor } from './values.load.ts'

export type LoadedProjects = {
  /** One for each environment that is looked at; none if zarpe.yml cannot be read. */
  projects: Project[]
  /** What `plan` would refuse, in the same words. */
  problems: ProblemData[]
  /** What could not be looked at, and why. */
  notes: string[]
  /** By environment; one that cannot be resolved is not there. */
  apps: Record<string, App>
}

export type LoadOptions = {
  /** Only this one; without it every environment of zarpe.yml is looked at. */
  environment: string | undefined
  /** False to look at everything but the values, which a CI runner does not have. */
  withValues: boolean
}

/**
 * Reads everything that can be known of a product without its server. What `plan` throws one after
 * the other is collected; only a missing zarpe.yml is thrown.
 */
export const loadProjects = async (
  folder: string,
  options: LoadOptions,
): Promise<LoadedProjects> => {
  const located = await readConfig(folder)
  const repository = loadRepository(folder)
  const { config, problems } = checkConfig(located)
  if (config === null) {
    const { problems: refused } = await repository
    return { projects: [], problems: [...problems, ...refused], notes: [rulesNotRun], apps: {} }
  }
  const names =
    options.environment === undefined
      ? Object.keys(config.environments)
      : [chosenEnvironment(config, options.environment)]
  const shared = await loadShared(folder, located, config)
  const each = await Promise.all(
    names.map((name) => loadOne({ folder, located, config, shared, options }, name, repository)),
  )
  const { notes, problems: refused } = await repository
  return {
    projects: each.map(({ project }) => project),
    problems: withoutDoubles([
      ...refused,
      ...shared.problems,
      ...each.flatMap((one) => one.problems),
    ]),
    notes: [...new Set([...notes, ...each.flatMap((one) => one.notes)])],
    apps: Object.fromEntries(
      each.flatMap(({ project, app }) => (app ? [[project.environment, app] as const] : [])),
    ),
  }
}

const rulesNotRun = 'no rule was run, because zarpe.yml cannot be used as it is'

type Shared = {
  files: ComposeFile[]
  edgeFiles: EdgeFiles
  contract: Contract
  problems: ProblemData[]
}

type Input = {
  folder: string
  located: Located
  config: Config
  shared: Shared
  options: LoadOptions
}

const loadShared = async (folder: string, located: Located, config: Config): Promise<Shared> => {
  const problems: ProblemData[] = []
  const sources = await collected(problems, composeSources(folder, config, located))
  const files = (sources ?? []).map((source) => ({
    ...source,
    located: locate(source.file, source.text),
  }))
  const edge = await loadEdgeFiles(folder, config, located)
  const { contract, problems: unreadable } = await loadContract(folder)
  problems.push(
    ...checkComposeFiles(files.map(({ located: each }) => each)).problems,
    ...edge.problems,
    ...unreadable,
  )
  return { files, edgeFiles: edge.files, contract, problems }
}

const loadOne = async (
  input: Input,
  name: string,
  repository: Promise<Repository>,
): Promise<{ project: Project; app: App | null; problems: ProblemData[]; notes: string[] }> => {
  const { folder, located, config, shared, options } = input
  const problems: ProblemData[] = []
  const settings = config.environments[name]!
  const environment = options.withValues
    ? await collected(problems, loadEnvironment(folder, name, settings, located))
    : null
  problems.push(...(environment?.problems ?? []))
  const values = environment ? await loadValues(folder, valuesFileOf(name, settings)) : null
  const defaults = environment ? defaultsOf(shared.contract, environment.values, name) : {}
  const given = options.withValues
    ? { ...defaults, ...environment?.values }
    : placeholdersFor(shared.files)
  const compose = await loadMerged(input, name, given, problems)
  const app = compose ? await appOf(input, name, compose, given, problems) : null
  if (environment) {
    const files = shared.files.map((file) => file.located)
    const context = contextOf(config, name, environment, compose, files)
    problems.push(...checkContract(shared.contract, environment.values, context))
  }
  const { tracked, texts } = await repository
  const declared = new Set(
    shared.contract.variables.flatMap((each) => (each.sensitive && each.surely ? [each.name] : [])),
  )
  const isSensitive = (each: string) => declared.has(each) || isSecretName(each)
  return {
    app,
    problems: toldOnce(problems),
    notes: compose ? [] : [servicesNotSeen],
    project: {
      environment: name,
      config,
      configFile: located,
      composeFiles: shared.files,
      envFiles: envFilesOf(shared.files.map((file) => file.located)).map(({ file }) => file),
      compose,
      images: compose ? await loadImages(folder, compose) : [],
      values,
      known: environment ? knownValues(name, environment.values, isSensitive) : [],
      knowsValues: options.withValues,
      tracked,
      texts,
    },
  }
}

const servicesNotSeen =
  'rules about services and images were not run, because the Compose file could not be merged'

const loadMerged = async (
  { folder, shared }: Input,
  name: string,
  values: Record<string, string>,
  problems: ProblemData[],
): Promise<ComposeProject | null> => {
  if (shared.files.length === 0 || shared.files.some((file) => file.located.mistakes.length > 0))
    return null
  const merged = await collected(
    problems,
    mergeCompose(absolute(folder), shared.files, values, name),
  )
  problems.push(...(merged?.problems ?? []))
  return merged?.project ?? null
}

const appOf = async (
  input: Input,
  name: string,
  compose: ComposeProject,
  values: Record<string, string>,
  problems: ProblemData[],
): Promise<App | null> => {
  const { folder, located, config, shared } = input
  const files = shared.files.map((file) => file.located)
  problems.push(...localBinds(compose, absolute(folder), files))
  try {
    const { edgeFiles } = shared
    const read = { folder, located, config, environment: name, compose, files, values, edgeFiles }
    const joined = await joinApp(read)
    // They are about values: a machine that has none cannot miss them.
    if (input.options.withValues) problems.push(...joined.problems)
    return joined.app
  } catch (thrown) {
    problems.push(...expected(thrown))
    return null
  }
}

/** What a promise gives, or null once its problems have been noted. */
const collected = async <Value>(
  problems: ProblemData[],
  promise: Promise<Value>,
): Promise<Value | null> => {
  try {
    return await promise
  } catch (thrown) {
    problems.push(...expected(thrown))
    return null
  }
}

const expected = (thrown: unknown): ProblemData[] => {
  const problems = problemsOf(thrown)
  if (problems.length === 0) throw thrown
  return problems
}

/** One mistake shows in the file and again once files are merged; the one with its place is kept. */
const withoutDoubles = (problems: ProblemData[]): ProblemData[] => {
  const keyOf = ({ code, detail }: ProblemData) => `${code} ${detail}`
  const placed = problems.filter(({ place }) => place)
  const known = new Set(placed.map(keyOf))
  const all = [...placed, ...problems.filter((each) => !each.place && !known.has(keyOf(each)))]
  const unique = new Map(
    all.map((each) => [`${keyOf(each)} ${JSON.stringify(each.place ?? null)}`, each]),
  )
  return [...unique.values()]
}
