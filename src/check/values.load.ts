import { parseDotenv } from '../app/dotenv.ts'
import { readText, statOf, within } from '../io/host/durable.ts'
import type { TextFile, ValuesFile } from './model.ts'

/** The file with an environment's values, where each stands and who may read it; null if there is none. */
export const loadValues = async (folder: string, file: string): Promise<ValuesFile | null> => {
  const path = within(folder, file)
  const [facts, text] = await Promise.all([statOf(path), readText(path)])
  if (!facts || text === null) return null
  const { values, lines } = parseDotenv(file, text)
  return { file, mode: facts.mode & 0o777, values, lines }
}

/**
 * Something for every variable that Compose files name, for a machine that does not have the values.
 * It must do for a port, a number of replicas and a tag alike.
 */
export const placeholdersFor = (files: TextFile[]): Record<string, string> =>
  Object.fromEntries(
    files.flatMap(({ text }) =>
      [...text.matchAll(/\$\{?([A-Za-z_]\w*)(:?[-?+])?/g)].flatMap(
        // A default is as good as a value, for the form of the file.
        ([, name = '', how]): [string, string][] => (how?.endsWith('-') ? [] : [[name, '1']]),
      ),
    ),
  )
