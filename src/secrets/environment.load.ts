import { valuesFileOf } from '../app/environment.ts'
import type { Config } from '../config/schema.ts'
import { parseDuration } from '../config/units.ts'
import type { Located } from '../config/places.ts'
import type { ProblemData } from '../problem/problem.ts'
import { encryptedFile, loadEncrypted } from './encrypted.load.ts'
import { limitProblems } from './limits.ts'
import { loadPlain } from './plain.load.ts'
import { notSet, processValues } from './process.ts'
import { loadProgram } from './program.load.ts'
import { programSource } from './program.ts'
import {
  type MergedValues,
  mergeSources,
  noValues,
  outrankedNotes,
  overlapNotes,
  type SourceValues,
} from './source.ts'

/** What zarpe.yml says about the values of an environment. */
export type ValueSettings = Pick<Config['environments'][string], 'env_file' | 'values'>

/** The values of an environment, and what is wrong or doubtful about where they come from. */
export type LoadedEnvironment = MergedValues & { problems: ProblemData[]; notes: string[] }

/**
 * Reads the values of an environment from all its sources. From the weakest to the strongest:
 * `.env.<environment>.age`, what a program prints, `.env.<environment>` in plain, the process
 * environment. Values that could not reach a container byte for byte are refused; none is ever printed.
 */
export const loadEnvironment = async (
  folder: string,
  environment: string,
  settings: ValueSettings,
  located?: Located,
): Promise<LoadedEnvironment> => {
  const rising = await loadSources(folder, environment, settings)
  const merged = mergeSources(rising)
  const unset = settings.values.process.flatMap((name, index) => {
    if (Object.hasOwn(merged.values, name)) return []
    const path = ['environments', environment, 'values', 'process', index]
    return [notSet(name, located?.placeOf(path))]
  })
  return {
    ...merged,
    problems: [
      ...rising.flatMap(({ problems }) => problems),
      ...limitProblems(rising, merged),
      // A source that could not be read may well have them.
      ...(rising.some(({ problems }) => problems.length > 0) ? [] : unset),
    ],
    notes: overlapNotes(merged),
  }
}

/**
 * Notes on the sources that win over the encrypted file and have names that were just written to it. No program is started for
 * that: it may ask somebody for a password, or send something somewhere.
 */
export const loadOutranked = async (
  folder: string,
  environment: string,
  settings: ValueSettings,
  names: string[],
): Promise<string[]> => {
  const { program, process: listed } = settings.values
  const written = encryptedFile(environment)
  const merged = mergeSources([
    noValues(written),
    await loadPlain(folder, valuesFileOf(environment, settings), settings.env_file !== undefined),
    processValues(listed, process.env),
  ])
  const others = names.filter((name) => !Object.hasOwn(merged.sources, name))
  return [
    ...(program && others.length > 0
      ? [`${programSource(program.run)} may have ${others.join(', ')} too, and would win`]
      : []),
    ...outrankedNotes(merged, written, names),
  ]
}

const loadSources = async (
  folder: string,
  environment: string,
  settings: ValueSettings,
): Promise<SourceValues[]> => {
  const { program, process: names } = settings.values
  const plain = valuesFileOf(environment, settings)
  return [
    await loadEncrypted(folder, encryptedFile(environment)),
    ...(program ? [await loadProgram(folder, program.run, parseDuration(program.within)!)] : []),
    await loadPlain(folder, plain, settings.env_file !== undefined),
    processValues(names, process.env),
  ]
}
