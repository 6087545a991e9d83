import { parseDotenv } from '../app/dotenv.ts'
import { readText, within } from '../io/host/durable.ts'
import type { TextFile, ValuesFile } from './model.ts'

/** The file with an environment's values, and where each stands; null if there is none. */
export const loadValues = async (folder: string, file: string): Promise<ValuesFile | null> => {
  const text = await readText(within(folder, file))
  if (text === null) return null
  const { values, lines } = parseDotenv(file, text)
  return { file, values, lines }
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
