import { at } from '../compose/merged.ts'
import type { ComposeProject } from '../compose/model.ts'
import type { Located } from '../config/places.ts'
import { statOf, within } from '../io/host/files/durable.ts'
import { readOwned } from '../io/host/files/owned.ts'
import { type ProblemData, problemsOf } from '../problem/problem.ts'
import { keptByGit } from './exposure.load.ts'

/** The engine's own limit. */
const secretBytesMax = 511_999

/** The contents of the Compose file's secrets, as base64 by name, and what is wrong with them. */
export type FileSecrets = {
  contents: Record<string, string>
  /** The files of this machine that were read. */
  files: string[]
  problems: ProblemData[]
}

/**
 * Reads what the top level `secrets` of a Compose file stand for: a file of this machine, byte for
 * byte, or a value of the environment. Those that no service mounts are left alone.
 */
export const loadFileSecrets = async (
  folder: string,
  compose: ComposeProject,
  files: Located[],
  values: Record<string, string>,
): Promise<FileSecrets> => {
  const mounted = new Set(
    Object.values(compose.services).flatMap((service) =>
      (service.secrets ?? []).map(({ source }) => source),
    ),
  )
  const loaded: FileSecrets = { contents: {}, files: [], problems: [] }
  for (const name of mounted) {
    const source = compose.secrets?.[name]
    const read =
      source?.environment === undefined
        ? await fromFile(folder, name, source?.file ?? '')
        : fromValue(name, source.environment, values)
    const problems = [...read.problems, ...sizeProblems(name, read.content)]
    loaded.problems.push(...problems.map((each) => at(files, ['secrets', name], each)))
    if (source?.file !== undefined) loaded.files.push(source.file)
    if (read.content) loaded.contents[name] = read.content.toString('base64')
  }
  return loaded
}

type Read = { content: Buffer | null; problems: ProblemData[] }

const fromValue = (name: string, variable: string, values: Record<string, string>): Read =>
  Object.hasOwn(values, variable)
    ? { content: Buffer.from(values[variable]!), problems: [] }
    : {
        content: null,
        problems: [
          problem('compose/secret-missing', name, `the environment has no \`${variable}\``, [
            `zarpe secrets set ${variable}`,
            `Or into the file in plain: zarpe env set ${variable}`,
          ]),
        ],
      }

const fromFile = async (folder: string, name: string, file: string): Promise<Read> => {
  const path = within(folder, file)
  if (!(await statOf(path).catch(() => null))?.isFile())
    return {
      content: null,
      problems: [
        problem('compose/secret-missing', name, `there is no file ${file}`, [
          'Create the file, or take the secret from a value: secrets: { …: { environment: NAME } }',
        ]),
      ],
    }
  try {
    return { content: await readOwned(path), problems: await keptByGit(folder, file) }
  } catch (thrown) {
    return { content: null, problems: problemsOf(thrown) }
  }
}

const sizeProblems = (name: string, content: Buffer | null): ProblemData[] => {
  if (content === null || (content.length > 0 && content.length <= secretBytesMax)) return []
  const why =
    content.length === 0
      ? 'it is empty'
      : `it has ${content.length} bytes, and ${secretBytesMax} are the most`
  return [
    problem('compose/secret-size', name, `${why} that the engine takes`, [
      'Put a key into the secret and what it protects into a volume or an image.',
    ]),
  ]
}

const summaries = {
  'compose/secret-missing': 'A secret of the Compose file has no content.',
  'compose/secret-size': 'A secret of the Compose file has a size that cannot be carried.',
}

const problem = (
  code: keyof typeof summaries,
  name: string,
  why: string,
  fix: string[],
): ProblemData => ({ code, summary: summaries[code], detail: `"${name}": ${why}.`, fix })
