import { readText, statOf, within } from '../../../io/host/files/durable.ts'
import { Problem } from '../../../problem/problem.ts'
import type { DataContext, Loss, Swap } from '../../engine.ts'
import type { RabbitmqContents } from '../../held.ts'
import type { RabbitmqDataset } from '../../model.ts'
import { notBeside } from '../aside-problems.ts'
import { bytesMax, exported, importInto, liveBroker } from './broker.run.ts'
import { countDifferences, notImported, rabbitmqDifferences } from './compare.ts'
import { countsOf, type Definition, parseDefinitions } from './definitions.ts'
import { isKept, keepFile, keptFile, removeKept } from './place.run.ts'
import { importedElsewhere } from './scratch.run.ts'
import { definitionLosses } from './weigh.ts'

/** The copy's one file. */
export const definitionsName = 'definitions.json'

/** The copy in the work folder; null if it holds no definitions. */
export const readCopy = async ({ folder }: DataContext) => {
  const path = within(folder, definitionsName)
  if (((await statOf(path))?.size ?? 0) > bytesMax) return null
  const text = await readText(path)
  const definitions = text === null ? null : parseDefinitions(text)
  return definitions && { text: text!, definitions: definitions.kept }
}

/**
 * Lets a throw-away broker take the copy in, and returns every difference from the manifest and from the copy, with
 * the definitions that it then has.
 */
export const proveCopy = async (
  held: RabbitmqContents,
  source: Pick<RabbitmqContents, 'image' | 'plugins'>,
  context: DataContext,
): Promise<{ differences: string[]; text: string; definitions: Definition[] }> => {
  const copy = await readCopy(context)
  const none = { text: '', definitions: [] }
  if (!copy) return { differences: [`${definitionsName} holds no definitions`], ...none }
  const differences = countDifferences(held.definitions, countsOf(copy.definitions))
  if (differences.length > 0) return { differences, ...none }
  const found = await importedElsewhere(source, copy.text, context)
  return {
    differences: rabbitmqDifferences(copy.definitions, found),
    text: copy.text,
    definitions: copy.definitions,
  }
}

/**
 * Compared in a throw-away broker of the image that serves now; what is then kept beside the live one are the
 * definitions themselves.
 */
export const load = async (
  dataset: RabbitmqDataset,
  held: RabbitmqContents,
  beside: string,
  context: DataContext,
): Promise<string[]> => {
  const { service } = await liveBroker(dataset, context)
  const source = { image: service.image, plugins: held.plugins }
  const { differences, text } = await proveCopy(held, source, context)
  if (differences.length === 0) await keepFile(context.project, beside, text)
  return differences
}

/**
 * Keeps what the live broker is told, and lets it take in what is beside. A kill leaves what was kept first, and the
 * next try does not write over it.
 */
export const swap = async (
  dataset: RabbitmqDataset,
  { beside, aside }: Swap & { beside: string },
  context: DataContext,
): Promise<void> => {
  const { project } = context
  const text = await keptFile(project, beside)
  if (text === null) {
    if (await isKept(project, aside)) return
    throw notBeside(beside)
  }
  const { broker } = await liveBroker(dataset, context)
  if (!(await isKept(project, aside))) await keepFile(project, aside, (await exported(broker)).text)
  await importInto(broker, text)
  const left = notImported(
    parseDefinitions(text)?.kept ?? [],
    (await exported(broker)).definitions.kept,
  )
  if (left.length > 0) throw notAll(dataset.service, aside, left)
  await removeKept(project, beside)
}

/** Definition by definition if the server has the copy, else how many of each kind. */
export const weigh = async (
  dataset: RabbitmqDataset,
  held: RabbitmqContents,
  context: DataContext,
): Promise<Loss[]> => {
  const { broker } = await liveBroker(dataset, context)
  const now = (await exported(broker)).definitions.kept
  const copy = await readCopy(context)
  if (copy) return definitionLosses(copy.definitions, now)
  return held.definitions.map(({ kind, count }) => ({
    what: kind,
    rowsNow: now.filter((each) => each.kind === kind).length,
    rowsThen: count,
    row: 'definition',
  }))
}

const notAll = (service: string, aside: string, left: string[]) =>
  new Problem({
    code: 'data/not-imported',
    summary: 'The broker has not taken in all of the definitions.',
    detail: `"${service}": ${left[0]}${left.length > 1 ? `, and ${left.length - 1} more` : ''}.`,
    fix: [
      `zarpe backup undo ${aside}    # what this has changed goes back`,
      'zarpe backup restore',
    ],
    evidence: left.slice(0, 12),
  })
