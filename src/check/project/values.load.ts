import { parseDotenv } from '../../app/dotenv.ts'
import { within } from '../../io/host/files/durable.ts'
import { readOwnedIfThere } from '../../io/host/files/owned.ts'
import { valuesFileOf } from '../../app/environment.ts'
import type { Config } from '../../config/schema.ts'
import { type KnownValue, knownValues } from '../secrets/lines.ts'
import type { TextFile, ValuesFile } from '../model.ts'

/** The file with an environment's values, and where each stands; null if there is none. */
export const loadValues = async (folder: string, file: string): Promise<ValuesFile | null> => {
  // Why it cannot be read, if so, is told where values are loaded.
  const bytes = await readOwnedIfThere(within(folder, file)).catch(() => null)
  if (bytes === null) return null
  const { values, lines } = parseDotenv(file, bytes.toString('utf8'))
  return { file, values, lines }
}

/** Secrets of every environment that has a file of values in plain. */
export const knownIn = async (folder: string, config: Config): Promise<KnownValue[]> => {
  const files = await Promise.all(
    Object.entries(config.environments).map(async ([name, settings]) => {
      const loaded = await loadValues(folder, valuesFileOf(name, settings))
      return knownValues(name, loaded?.values ?? {})
    }),
  )
  return files.flat()
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
