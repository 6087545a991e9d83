import { messageOf, type Place, Problem, type ProblemData } from '../problem/problem.ts'
import { readBytes, statOf, within } from '../io/host/durable.ts'
import { run } from '../io/host/process.ts'
import { parseDotenv } from './dotenv.ts'
import { environmentBytesMax, valueBytesMax } from './limits.ts'

/** The values of an environment, and what is wrong or doubtful about the file they come from. */
export type LoadedEnvironment = {
  values: Record<string, string>
  /** Where each value was set. */
  places: Record<string, Place>
  problems: ProblemData[]
  notes: string[]
}

/**
 * Reads the values of an environment from its file (`.env.<environment>` unless named otherwise).
 * Values that could not reach a container byte for byte are refused; none is ever printed.
 */
export const loadEnvironment = async (
  folder: string,
  environment: string,
  named: string | undefined,
): Promise<LoadedEnvironment> => {
  const file = named ?? `.env.${environment}`
  const path = within(folder, file)
  if ((await statOf(path)) === null)
    return {
      values: {},
      places: {},
      problems: named === undefined ? [] : [missing(file)],
      notes: [],
    }
  const { values, lines, problems } = parseDotenv(file, await textOf(file, path))
  const checked = Object.entries(values).flatMap(([name, value]) =>
    check({ file, line: lines[name]!, column: 1 }, name, value),
  )
  return {
    values,
    places: Object.fromEntries(
      Object.entries(lines).map(([name, line]) => [name, { file, line, column: 1 }]),
    ),
    problems: [...problems, ...checked, ...tooMuch(file, values)],
    notes: await doubts(folder, file, path),
  }
}

/** As text, or a `Problem`: a byte that is no UTF-8 would become another one on the way. */
const textOf = async (file: string, path: string): Promise<string> => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readBytes(path))
  } catch (thrown) {
    throw new Problem({
      code: 'environment/unreadable',
      summary: 'The file with the values of the environment cannot be read.',
      detail: `${file}: ${thrown instanceof TypeError ? 'it is not UTF-8 text' : messageOf(thrown)}.`,
      fix: [`file ${file}`, `iconv -f latin1 -t utf8 ${file}    # if that is what it is`],
    })
  }
}

const check = (place: ProblemData['place'] & {}, name: string, value: string): ProblemData[] => {
  const bytes = Buffer.byteLength(`${name}=${value}`)
  if (value.includes('\0'))
    return [
      {
        code: 'environment/nul',
        summary: 'A value holds a NUL byte, which no environment variable can.',
        detail: `\`${name}\` would end at that byte.`,
        place,
        fix: ['Encode it, for example as base64, and decode it in the app.'],
      },
    ]
  if (bytes <= valueBytesMax) return []
  return [
    {
      code: 'environment/too-long',
      summary: 'A value is too long for an environment variable.',
      detail: `\`${name}\` has ${bytes} bytes; Linux starts no program with more than ${valueBytesMax}.`,
      place,
      fix: ['Put it into a file that the app reads.'],
    },
  ]
}

const tooMuch = (file: string, values: Record<string, string>): ProblemData[] => {
  const bytes = Buffer.byteLength(Object.entries(values).flat().join('  '))
  if (bytes <= environmentBytesMax) return []
  return [
    {
      code: 'environment/too-much',
      summary: 'The values of the environment are too large together.',
      detail: `${file} has ${bytes} bytes of values; ${environmentBytesMax} are the most a program is started with.`,
      fix: ['Put large values into files that the app reads.'],
    },
  ]
}

/** What is unwise about a file of secrets: others may read it, or git keeps it. */
const doubts = async (folder: string, file: string, path: string): Promise<string[]> => {
  const mode = ((await statOf(path))?.mode ?? 0) & 0o777
  const argv = ['-C', folder, 'ls-files', '--error-unmatch', '--', file]
  const tracked = await run('git', argv, { limitMs: 10_000 }).catch(() => null)
  return [
    ...(mode & 0o077
      ? [
          `${file} can be read by others on this machine (mode 0${mode.toString(8)}): chmod 600 ${file}`,
        ]
      : []),
    ...(tracked?.code === 0
      ? [`${file} is in git, with its values: git rm --cached ${file}, and renew the values`]
      : []),
  ]
}

const missing = (file: string): ProblemData => ({
  code: 'environment/missing',
  summary: 'The file with the values of the environment is missing.',
  detail: `zarpe.yml names ${file}, which does not exist.`,
  fix: [`Create ${file}, or remove \`env_file\` from zarpe.yml.`],
})
