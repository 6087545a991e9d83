import { readBytes, statOf, within } from '../io/host/files/durable.ts'
import { messageOf, type ProblemData } from '../problem/problem.ts'
import { plainSource } from './dotenv-source.ts'
import { exposureOf } from './exposure.load.ts'
import { noValues, type SourceValues } from './source.ts'
import { utf8 } from '../io/host/files/utf8.ts'

/** The values of a `.env` file in plain. It must be its owner's alone, and nothing that git keeps. */
export const loadPlain = async (
  folder: string,
  file: string,
  isNamed: boolean,
): Promise<SourceValues> => {
  const path = within(folder, file)
  const facts = await statOf(path).catch(whyNot)
  if (facts === null) return noValues(file, isNamed ? [missing(file)] : [])
  if ('why' in facts) return noValues(file, [unreadable(file, facts.why)])
  const exposure = await exposureOf(folder, file)
  const read = await readBytes(path).then(utf8, whyNot)
  if (typeof read !== 'string')
    return noValues(file, [...exposure, unreadable(file, read?.why ?? 'it is not UTF-8 text')])
  const source = plainSource(file, read)
  return { ...source, problems: [...exposure, ...source.problems] }
}

const whyNot = (thrown: unknown) => ({ why: messageOf(thrown) })

const missing = (file: string): ProblemData => ({
  code: 'environment/missing',
  summary: 'The file with the values of the environment is missing.',
  detail: `zarpe.yml names ${file}, which does not exist.`,
  fix: [`Create ${file}, or remove \`env_file\` from zarpe.yml.`],
})

const unreadable = (file: string, why: string): ProblemData => ({
  code: 'environment/unreadable',
  summary: 'The file with the values of the environment cannot be read.',
  detail: `${file}: ${why}.`,
  fix: [`file ${file}`, `iconv -f latin1 -t utf8 ${file}    # if that is what it is`],
})
