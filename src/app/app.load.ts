import { checkCompose } from '../compose/check.ts'
import { loadCompose } from '../compose/load.ts'
import { locate, type Located } from '../config/places.ts'
import type { Config } from '../config/schema.ts'
import { absolute, readText, within } from '../io/host/durable.ts'
import { Problem, Problems } from '../problem/problem.ts'
import { certificatesIn } from './certificates.ts'
import { localBinds } from './binds.ts'
import { chosenEnvironment } from './environment.ts'
import { loadEnvironment } from './environment.load.ts'
import type { App } from './model.ts'
import { configOf, resolveApp } from './resolve.ts'

export type Loaded = {
  app: App
  folder: string
  /** Parts of the Compose file that have no effect here, and why. */
  notes: string[]
}

/** Reads zarpe.yml alone, for verbs that do not need the app itself. */
export const loadConfig = async (folder: string): Promise<{ located: Located; config: Config }> => {
  const text = await readText(within(folder, 'zarpe.yml'))
  if (text === null) throw noConfig(folder)
  const located = locate('zarpe.yml', text)
  return { located, config: configOf(located) }
}

/** Reads everything the user wrote and joins it, or throws all that is wrong with it. */
export const loadApp = async (folder: string, environmentName?: string): Promise<Loaded> => {
  const { located, config } = await loadConfig(folder)
  const name = chosenEnvironment(config, environmentName)
  const files = [config.compose].flat()
  const checks = await Promise.all(files.map((file) => checkFile(folder, file)))
  const problems = checks.flatMap((check) => check.problems)
  if (problems.length > 0) throw new Problems(problems)
  const values = await loadEnvironment(folder, name, config.environments[name]!.env_file)
  const compose = await loadCompose(absolute(folder), files, values)
  const acmeRoot = await loadAcmeRoot(folder, config)
  const app = resolveApp(located, config, name, compose, acmeRoot)
  const binds = localBinds(app, absolute(folder))
  if (binds.length > 0) throw new Problems(binds)
  return { app, folder, notes: checks.flatMap((check) => check.notes) }
}

const checkFile = async (folder: string, file: string) => {
  const text = await readText(within(folder, file))
  if (text === null) throw noCompose(file)
  return checkCompose(locate(file, text))
}

const loadAcmeRoot = async (folder: string, config: Config) => {
  const file = config.edge.acme?.root
  if (!file) return null
  const text = await readText(within(folder, file))
  const certificates = text === null ? null : certificatesIn(text)
  if (certificates) return certificates
  throw new Problem({
    code: 'config/bad-root',
    summary: 'The root certificate of the ACME server cannot be read.',
    detail: `${file} ${text === null ? 'does not exist' : 'is not a file of PEM certificates'}.`,
    fix: ['Correct `edge.acme.root` in zarpe.yml.'],
  })
}

const noConfig = (folder: string) =>
  new Problem({
    code: 'config/missing',
    summary: 'There is no zarpe.yml here.',
    detail: `Zarpe looks for it in ${absolute(folder)}.`,
    fix: ['zarpe init', 'Or name the folder: zarpe -C <folder> …'],
  })

const noCompose = (file: string) =>
  new Problem({
    code: 'compose/missing-file',
    summary: 'The Compose file does not exist.',
    detail: `zarpe.yml names ${file}, which is not there.`,
    fix: ['Correct `compose` in zarpe.yml, or create the file.'],
  })
