import { basename } from 'node:path'
import { envFilesOf } from '../../compose/env-files.ts'
import { checkConfig } from '../../config/check.ts'
import { locate } from '../../config/places.ts'
import { type Config, configSchema } from '../../config/schema.ts'
import { removePath, privateFolder, within } from '../../io/host/files/durable.ts'
import { readOwnedText } from '../../io/host/files/owned.ts'
import { runOk } from '../../io/host/processes/process.ts'
import { Problem } from '../../problem/problem.ts'
import { finalStage, parseStages } from '../reading/dockerfile.ts'
import type { BuiltImage, ComposeFile, Project, TextFile } from '../model.ts'
import { gitRefusal } from '../../secrets/git.load.ts'
import { knownIn } from './values.load.ts'
import { loadTexts, prefixOf } from './repository.load.ts'

/** What git is about to commit, as a project of which only the texts are known. */
export type Staged = { project: Project; notes: string[] }

/**
 * Reads the files that are staged, as they are staged and not as they lie in the folder. Files that
 * the commit only deletes are not among them, so such a commit has nothing to be found in.
 */
export const loadStaged = async (folder: string): Promise<Staged> => {
  const prefix = await neededPrefix(folder)
  const listed = await runOk(
    'git',
    ['-C', folder, 'diff', '--cached', '--relative', '--name-only', '--diff-filter=ACMRT', '-z'],
    { limitMs: 30_000 },
  )
  const names = listed.stdout.split('\0').filter(Boolean)
  const { texts, notes } = names.length > 0 ? await textsOf(folder, prefix, names) : nothing
  const { config, located } = await configFor(folder)
  const isCompose = ({ file }: TextFile) =>
    [config.compose].flat().includes(file) ||
    /^(docker-)?compose[\w.-]*\.ya?ml$/.test(basename(file))
  const composeFiles = texts
    .filter(isCompose)
    .map((each) => ({ ...each, located: locate(each.file, each.text) }))
  const broken = composeFiles.filter((each) => each.located.mistakes.length > 0)
  return {
    notes: [
      ...notes,
      ...broken.map(({ file }) => `${file} is no valid YAML: secrets were looked for in its lines`),
    ],
    project: {
      environment: '',
      config,
      configFile: located,
      composeFiles,
      envFiles: await envFilesIn(folder, config, composeFiles),
      compose: null,
      images: texts.filter(isDockerfile).map(imageOf),
      values: null,
      known: await knownIn(folder, config),
      knowsValues: false,
      tracked: names,
      texts,
    },
  }
}

/** As the Compose files name them that are about to be committed, and those that were before. */
const envFilesIn = async (folder: string, config: Config, staged: ComposeFile[]) => {
  const names = [config.compose].flat()
  const others = await Promise.all(
    names.map(async (file) => locate(file, (await readOwnedText(within(folder, file))) ?? '')),
  )
  return envFilesOf([...others, ...staged.map(({ located }) => located)]).map(({ file }) => file)
}

const nothing = { texts: [], notes: [] }

/** One process writes all of them to a folder of their own, byte for byte. */
const textsOf = async (folder: string, prefix: string, names: string[]) => {
  const copy = await privateFolder()
  try {
    await runOk('git', ['-C', folder, 'checkout-index', '-z', '--stdin', `--prefix=${copy}/`], {
      input: names.join('\0'),
      limitMs: 60_000,
    })
    return loadTexts(within(copy, prefix), names)
  } finally {
    await removePath(copy)
  }
}

const isDockerfile = ({ file }: TextFile) =>
  /^(Dockerfile|Containerfile)([.-][\w.-]*)?$|\.dockerfile$/i.test(basename(file))

const imageOf = (each: TextFile): BuiltImage => {
  const stages = parseStages(each.text)
  return {
    ...each,
    services: [],
    stages,
    final: finalStage(stages, null),
    context: '.',
    ignore: null,
    contextNames: [],
    certificates: [],
  }
}

/** What is turned off in zarpe.yml; without a usable one, nothing is. */
export const configFor = async (folder: string) => {
  const located = locate('zarpe.yml', (await readOwnedText(within(folder, 'zarpe.yml'))) ?? '')
  const config: Config =
    checkConfig(located).config ??
    configSchema.parse({ app: 'staged', servers: {}, environments: {} })
  return { config, located }
}

/** Where a folder is in its repository; a `Problem` if it is in none, or git does not say. */
export const neededPrefix = async (folder: string): Promise<string> => {
  const prefix = await prefixOf(folder)
  if (prefix !== null) return prefix
  const refusal = await gitRefusal(folder)
  throw refusal ? new Problem(refusal) : noRepository(folder)
}

export const noRepository = (folder: string) =>
  new Problem({
    code: 'check/no-repository',
    summary: 'There is no git repository here.',
    detail: `${folder} is not in one, so nothing is staged.`,
    fix: ['git init', 'zarpe check'],
  })
