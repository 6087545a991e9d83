import { statOf, within } from '../io/host/files/durable.ts'
import { readOwnedIfThere } from '../io/host/files/owned.ts'
import { run } from '../io/host/processes/process.ts'
import { isSecretName } from '../check/secrets/secrets.ts'
import { Problem, type ProblemData, Problems, problemsOf } from '../problem/problem.ts'
import type { ComposeProject } from './model.ts'
import { composeProgram } from './program.load.ts'

/** A Compose file as it was written. */
export type ComposeSource = { file: string; text: string }

/** Fed to Compose after the user's files; from what comes back we learn how it writes a dollar sign. */
const dollarProbe = "x-zarpe-dollar: '$$'\n"

/** As `mergeCompose`, but a variable without a value is thrown as a problem too. */
export const loadCompose = async (
  folder: string,
  sources: ComposeSource[],
  values: Record<string, string>,
  environment: string,
): Promise<ComposeProject> => {
  const { project, problems } = await mergeCompose(folder, sources, values, environment)
  if (problems.length > 0) throw new Problems(problems)
  return project
}

/**
 * Merges and interpolates Compose files with `docker compose config`, the reference for both. It
 * gets `values` for its whole environment and nothing of this process's own, so that neither a PATH
 * nor a HOME of the laptop can slip into production, and a value of that name arrives as written.
 * Variables without a value in `environment` are told beside what came out; what Compose refuses is
 * thrown.
 */
export const mergeCompose = async (
  folder: string,
  sources: ComposeSource[],
  values: Record<string, string>,
  environment: string,
): Promise<{ project: ComposeProject; problems: ProblemData[] }> => {
  const files = sources.map(({ file }) => file)
  const result = await composeConfig(folder, files, values, [])
  const unset = unsetVariables(result.stderr)
  const elsewhere = unset.length > 0 ? await onlyInDotEnv(folder, environment) : []
  const problems = unset
    .map((name) => unsetProblem(name, sources, environment, elsewhere.includes(name)))
    .toSorted(inOrderOf(files))
  return { project: readProject(result.stdout), problems }
}

/** Names with values, in either form of a Compose file. */
export type Texts = string[] | Record<string, string | number | boolean | null>

/** What stands in the files of a service, with every `${…}` as it was written. */
export type ServiceTexts = {
  image?: string
  command?: string | string[] | null
  environment?: Texts
  labels?: Texts
  deploy?: { labels?: Texts }
  ports?: (string | number | { target?: string | number })[]
  expose?: (string | number)[]
  /** Whether files that were not looked at say more of it. */
  isPartial?: boolean
}

export type ComposeTexts = { services: Record<string, ServiceTexts> }

/**
 * Merges Compose files and leaves in them what is to be filled in; values say which files those are. Null where Compose refuses
 * that although it takes them filled in: it wants a number of `nofile: ${LIMIT}`, and a file of that name of `include: ${FILE}`.
 */
export const mergeTexts = async (
  folder: string,
  sources: ComposeSource[],
  values: Record<string, string>,
): Promise<ComposeTexts | null> => {
  const files = sources.map(({ file }) => file)
  try {
    const { stdout } = await composeConfig(folder, files, values, ['--no-interpolate'])
    return JSON.parse(stdout) as ComposeTexts
  } catch (thrown) {
    if (problemsOf(thrown).some(({ code }) => code === 'compose/refused')) return null
    throw thrown
  }
}

const composeConfig = async (
  folder: string,
  files: string[],
  values: Record<string, string>,
  options: string[],
) => {
  const compose = await composeProgram()
  const argv = [
    ...compose.argv,
    ...['--project-directory', folder, '--env-file', '/dev/null'],
    ...files.flatMap((file) => ['-f', file]),
    ...['-f', '-', 'config', '--format', 'json', ...options],
  ]
  const result = await run(compose.program, argv, {
    cwd: folder,
    env: values,
    input: dollarProbe,
    limitMs: 60_000,
  })
  if (result.code !== 0) throw refusedBy(withoutValues(result.stderr, values), files, folder)
  return result
}

/** Compose doubles every dollar sign, so that its output can be fed to it again; old ones do not. */
const readProject = (printed: string): ComposeProject => {
  const project = JSON.parse(printed) as ComposeProject & { 'x-zarpe-dollar'?: string }
  return project['x-zarpe-dollar'] === '$$'
    ? (JSON.parse(printed.replaceAll('$$', () => '$')) as ComposeProject)
    : project
}

/** Compose would go on with an empty value, which is found out in production at the latest. */
const unsetProblem = (
  name: string,
  sources: ComposeSource[],
  environment: string,
  isInDotEnv: boolean,
): ProblemData => {
  const place = firstUse(name, sources)
  return {
    code: 'compose/unset-variable',
    summary: 'The Compose file uses a variable that has no value.',
    detail: `\`${name}\` has no value in ${environment}, so Compose would use an empty text.`,
    ...(place ? { place } : {}),
    fix: [
      ...(isInDotEnv
        ? [
            `cp .env .env.${environment} && chmod 600 .env.${environment}    # .env is not read; if its values are meant`,
          ]
        : []),
      `zarpe env set ${name} --env ${environment}`,
      // A secret that is known to everybody who reads the file would be none.
      ...(isSecretName(name) ? [] : [`Or give it a default: \${${name}:-…}`]),
    ],
  }
}

/** What Compose by itself would have taken from `.env`, while the environment has no file of its own. */
const onlyInDotEnv = async (folder: string, environment: string): Promise<string[]> => {
  const own = await statOf(within(folder, `.env.${environment}`)).catch(() => 'unreadable')
  if (own !== null) return []
  const bytes = await readOwnedIfThere(within(folder, '.env')).catch(() => null)
  const text = bytes?.toString('utf8') ?? ''
  return Array.from(text.matchAll(/^\s*(?:export\s+)?([A-Za-z_]\w*)=/gm), (match) => match[1]!)
}

/** As one reads the files: Compose warns of its services in no order, other than it did a moment ago. */
const inOrderOf =
  (files: string[]) =>
  ({ place: left }: ProblemData, { place: right }: ProblemData): number =>
    !left || !right
      ? Number(!left) - Number(!right)
      : files.indexOf(left.file) - files.indexOf(right.file) ||
        left.line - right.line ||
        left.column - right.column

const firstUse = (name: string, sources: ComposeSource[]): ProblemData['place'] => {
  const use = new RegExp(String.raw`(?<!\$)(?:\$\$)*\$(?:\{${name}\b|${name}\b)`)
  for (const { file, text } of sources) {
    const lines = text.split('\n')
    const index = lines.findIndex((line) => use.test(line.replace(/(^|\s)#.*$/, '')))
    const line = lines[index]
    if (line !== undefined) return { file, line: index + 1, column: line.search(use) + 1 }
  }
  return undefined
}

const refusedBy = (stderr: string, files: string[], folder: string) => {
  const envFile = /env file (.+?) not found/.exec(stderr)?.[1]?.replace(`${folder}/`, '')
  const missing =
    /is not a docker command|unknown docker command|unknown shorthand flag|unknown flag: --project-directory/.test(
      stderr,
    )
  return new Problem({
    code: missing ? 'compose/missing' : 'compose/refused',
    summary: missing
      ? 'The compose plugin of docker is missing.'
      : 'Docker Compose refuses the file.',
    detail: missing
      ? 'Zarpe reads Compose files with `docker compose config`, which is not installed here.'
      : stderr
          .trim()
          .split('\n')
          // Warnings of variables come first and say nothing of the refusal.
          .filter((line) => !/level=warning/.test(line))
          .slice(-3)
          .join(' '),
    fix: missing
      ? ['apt-get install docker-compose-plugin    # or docker-compose on Debian 13']
      : envFile
        ? [`install -m 600 /dev/null ${envFile}    # empty; then: zarpe env set <NAME>`]
        : [`docker compose ${files.map((file) => `-f ${file}`).join(' ')} config`],
  })
}

/** Compose quotes what it cannot use, and that may be a value. */
const withoutValues = (text: string, values: Record<string, string>) =>
  Object.entries(values)
    .filter(([, value]) => value.length >= 4)
    .toSorted(([, left], [, right]) => right.length - left.length)
    .reduce((rest, [name, value]) => rest.replaceAll(value, () => `[value of ${name}]`), text)

/** Compose warns of them on stderr, once for each use. */
const unsetVariables = (stderr: string): string[] => [
  ...new Set(
    [...stderr.matchAll(/The "?\\?"?([A-Za-z_]\w*)\\?"? variable is not set/g)].map(
      (match) => match[1]!,
    ),
  ),
]
