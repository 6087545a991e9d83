import { clearance } from '../check/clearance.ts'
import { checkComposeFiles } from '../compose/check.ts'
import { loadCompose } from '../compose/load.ts'
import type { ComposeProject } from '../compose/model.ts'
import { locate, type Located } from '../config/places.ts'
import type { Config } from '../config/schema.ts'
import { absolute, within } from '../io/host/files/durable.ts'
import { readOwnedText } from '../io/host/files/owned.ts'
import { checkContract, strayNames, toldOnce } from '../contract/check.ts'
import { loadContract } from '../contract/contract.load.ts'
import { contextOf } from '../contract/context.ts'
import { defaultsOf } from '../contract/resolve.ts'
import { Problem, type ProblemData, Problems, problemsOf } from '../problem/problem.ts'
import { localBinds } from './binds.ts'
import { chosenEnvironment, valuesFileOf } from './environment.ts'
import { loadEdgeFiles } from './edge-files.load.ts'
import type { App } from './model.ts'
import { buildNotes } from '../secrets/context.load.ts'
import { loadEnvironment } from '../secrets/environment.load.ts'
import { joinApp } from './joined.load.ts'
import { configOf } from './resolve.ts'
import { unsetNotes } from './services.ts'

export type Loaded = {
  app: App
  folder: string
  /** Parts of the Compose file that have no effect here, and why. */
  notes: string[]
  /** Rules of `zarpe check` that are turned off for the whole product. */
  off: string[]
}

/** Reads zarpe.yml alone, for verbs that do not need the app itself. */
export const loadConfig = async (folder: string): Promise<{ located: Located; config: Config }> => {
  const located = await readConfig(folder)
  return { located, config: configOf(located) }
}

/** The text of zarpe.yml with its places, whether or not it can be used; a missing one is thrown. */
export const readConfig = async (folder: string): Promise<Located> => {
  const text = await readOwnedText(within(folder, 'zarpe.yml'))
  if (text === null) throw noConfig(folder)
  return locate('zarpe.yml', text)
}

/** What the user wrote, each file by itself: nothing is joined or judged yet. */
export const loadInputs = async (folder: string, environmentName?: string) => {
  const { located, config } = await loadConfig(folder)
  const name = chosenEnvironment(config, environmentName)
  const sources = await composeSources(folder, config, located)
  const files = sources.map(({ file, text }) => locate(file, text))
  const environment = await loadEnvironment(folder, name, config.environments[name]!, located)
  const contract = await loadContract(folder)
  return { located, config, name, sources, files, environment, contract }
}

/** Reads everything the user wrote and joins it, or throws all that is wrong with it. */
export const loadApp = async (folder: string, environmentName?: string): Promise<Loaded> => {
  const inputs = await loadInputs(folder, environmentName)
  const { located, config, name, sources, files, environment } = inputs
  const { contract, problems } = inputs.contract
  const keys = checkComposeFiles(files)
  const edge = await loadEdgeFiles(folder, config, located)
  const values = { ...defaultsOf(contract, environment.values, name), ...environment.values }
  const judge = (merged: ComposeProject | null) =>
    checkContract(contract, environment.values, contextOf(config, name, environment, merged, files))
  const early = [
    ...keys.problems,
    ...environment.problems,
    ...edge.problems,
    ...problems,
    ...clearance(config, name, sources, values),
  ]
  if (early.length > 0) throw new Problems([...early, ...judge(null)])
  const compose = await toldWith(
    () => judge(null),
    () => loadCompose(absolute(folder), sources, values, name),
  )
  const broken = judge(compose)
  const read = { folder, located, config, environment: name, compose, files, values }
  const joined = await toldWith(
    () => broken,
    () => joinApp({ ...read, edgeFiles: edge.files }),
  )
  const { app } = joined
  refuse([...joined.problems, ...localBinds(compose, absolute(folder), files), ...broken])
  const plain = valuesFileOf(name, config.environments[name]!)
  const notes = [
    ...keys.notes,
    ...environment.notes,
    ...strayNames(contract, environment.values),
    ...unsetNotes(compose),
    ...(await buildNotes(app, folder, [plain, ...joined.secretFiles])),
  ]
  return { app, folder, notes, off: Object.keys(config.check.off) }
}

/** What this machine lacks, which is no mistake in what the user wrote. */
const aboutMachine = /^(host\/|compose\/missing$)/

/**
 * What `act` gives; if it fails, that is told together with what is known to be wrong already. A
 * machine that cannot look any further must not hide that, nor stand among it.
 */
const toldWith = async <Result>(known: () => ProblemData[], act: () => Promise<Result>) => {
  try {
    return await act()
  } catch (thrown) {
    const more = problemsOf(thrown)
    if (more.length === 0) throw thrown
    const wrong = known()
    const written = more.filter(({ code }) => !aboutMachine.test(code))
    throw new Problems(toldOnce(wrong.length > 0 ? [...wrong, ...written] : more))
  }
}

const refuse = (problems: ProblemData[]) => {
  if (problems.length > 0) throw new Problems(problems)
}

/** The Compose files that zarpe.yml names, or every one that is missing. */
export const composeSources = async (folder: string, config: Config, located: Located) => {
  const many = Array.isArray(config.compose)
  const sources = await Promise.all(
    [config.compose].flat().map(async (file, index) => ({
      file,
      text: await readOwnedText(within(folder, file)),
      place: located.placeOf(many ? ['compose', index] : ['compose']),
    })),
  )
  refuse(
    sources.flatMap(({ file, text, place }) => (text === null ? [noCompose(file, place)] : [])),
  )
  return sources.map(({ file, text }) => ({ file, text: text ?? '' }))
}

const noConfig = (folder: string) =>
  new Problem({
    code: 'config/missing',
    summary: 'There is no zarpe.yml here.',
    detail: `Zarpe looks for it in ${absolute(folder)}.`,
    fix: ['zarpe init', 'Or name the folder: zarpe -C <folder> …'],
  })

const noCompose = (file: string, place: ProblemData['place'] & {}): ProblemData => ({
  code: 'compose/missing-file',
  summary: 'The Compose file does not exist.',
  detail: `zarpe.yml names ${file}, which is not there.`,
  place,
  fix: ['Correct `compose` in zarpe.yml, or create the file.'],
})
