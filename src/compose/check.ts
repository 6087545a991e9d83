import type { Located } from '../config/places.ts'
import type { ProblemData } from '../problem/problem.ts'
import { innerServiceKeys, innerTopKeys, type KeyTree } from './inner-keys.ts'
import { type KeyFate, serviceKeys, topKeys } from './keys.ts'

export type ComposeCheck = { problems: ProblemData[]; notes: string[] }

/**
 * Looks at the keys of Compose files as they were written: what is refused, what is set aside. Of what
 * a later file takes away nothing is told, nor of services with a profile: whether those are part of a
 * release shows once the files are merged.
 */
export const checkComposeFiles = (files: Located[]): ComposeCheck => {
  const optional = optionalServices(files)
  const checks = files.map((file, index) => {
    const later = files.slice(index + 1).flatMap(({ takesAway }) => takesAway)
    return checkCompose(
      file,
      (path) =>
        (path[0] === 'services' && optional.has(path[1] ?? '')) ||
        [...later, ...file.takesAway].some((taken) => taken.every((step, at) => path[at] === step)),
    )
  })
  return {
    problems: checks.flatMap(({ problems }) => problems),
    notes: checks.flatMap(({ notes }) => notes),
  }
}

/** Services that Compose leaves out unless one of their profiles is asked for. */
export const optionalServices = (files: Located[]): Set<string> =>
  new Set(
    files.flatMap(({ value }) => {
      const services = isRecord(value) && isRecord(value['services']) ? value['services'] : {}
      return Object.entries(services).flatMap(([name, each]) =>
        isRecord(each) && Array.isArray(each['profiles']) && each['profiles'].length > 0
          ? [name]
          : [],
      )
    }),
  )

/** As `checkComposeFiles`, of one file; `isAway` tells of which paths nothing is said. */
export const checkCompose = (
  located: Located,
  isAway: (path: string[]) => boolean = () => false,
): ComposeCheck => {
  if (located.mistakes.length > 0)
    return {
      notes: [],
      problems: located.mistakes.map(({ text, place }) => ({
        code: 'compose/not-yaml',
        summary: 'The Compose file is not valid YAML.',
        detail: `${text}.`,
        place,
        fix: [`docker compose -f ${located.file} config`],
      })),
    }
  const value = located.value
  if (!isRecord(value)) return { problems: [noServices(located)], notes: [] }
  const check: ComposeCheck = { problems: [], notes: [] }
  const tell: Tell = (path, fate) => {
    if (fate && isAway(path)) return
    if (!fate) check.problems.push(unknown(located, path))
    else if (fate.fate === 'refused') check.problems.push(notHonoured(located, path, fate.why))
    else if (fate.fate === 'set aside')
      check.notes.push(`${path.join('.')} is set aside: ${fate.why}`)
  }
  judgeFile(value, tell)
  return check
}

/** Finds the keys of a whole Compose file and tells the fate of each; undefined for unknown ones. */
export const judgeFile = (file: Record<string, unknown>, tell: Tell) => {
  judge([], file, topKeys, tell)
  judgeInner([], file, innerTopKeys, tell)
  const services = isRecord(file['services']) ? file['services'] : {}
  for (const [name, service] of Object.entries(services)) {
    if (!isRecord(service)) continue
    judge(['services', name], service, serviceKeys, tell)
    judgeInner(['services', name], service, innerServiceKeys, tell)
  }
}

type Tell = (path: string[], fate: KeyFate | undefined) => void

const judge = (
  path: string[],
  value: Record<string, unknown>,
  table: Record<string, KeyFate>,
  tell: Tell,
) => {
  for (const [key, each] of Object.entries(value)) {
    if (key.startsWith('x-')) continue
    const known = Object.hasOwn(table, key) ? table[key] : undefined
    // `privileged: false` asks for nothing.
    if (known?.fate !== 'refused' || (each !== false && each !== null)) tell([...path, key], known)
  }
}

const judgeInner = (path: string[], value: Record<string, unknown>, tree: KeyTree, tell: Tell) => {
  for (const [inner, table] of Object.entries(tree))
    for (const [found, part] of partsAt(value, inner.split('.')))
      judge([...path, ...found], part, table, tell)
}

/** The mappings at a path of a key tree, each with its own path. Short forms have no keys. */
const partsAt = (value: unknown, steps: string[]): [string[], Record<string, unknown>][] => {
  const [step, ...rest] = steps
  if (step === undefined) return isRecord(value) ? [[[], value]] : []
  const entries =
    step === '[]'
      ? Object.entries(Array.isArray(value) ? value : [])
      : Object.entries(isRecord(value) ? value : {}).filter(([key]) => step === '*' || key === step)
  return entries.flatMap(([key, each]) =>
    partsAt(each, rest).map(([path, part]): [string[], Record<string, unknown>] => [
      [key, ...path],
      part,
    ]),
  )
}

const unknown = (located: Located, path: string[]): ProblemData => ({
  code: 'compose/unknown-key',
  summary: 'The Compose file has a key that the specification does not know.',
  detail: `\`${path.join('.')}\` is no key of the Compose specification.`,
  place: located.placeOf(path, 'key'),
  fix: ['Correct its spelling or remove it.'],
})

const notHonoured = (located: Located, path: string[], why: string): ProblemData => ({
  ...refusal(path, why),
  place: located.placeOf(path, 'key'),
})

/** What is said of something in a Compose file that would have no effect. */
export const refusal = (path: string[], why: string): ProblemData => ({
  code: 'compose/not-honoured',
  summary: 'The Compose file asks for something that Zarpe cannot honour.',
  detail: `\`${path.join('.')}\`: ${why}.`,
  fix: [`Remove \`${keyOf(path)}\`, or move it to a Compose file for development only.`],
})

/** The number of an item in a list says nothing. */
const keyOf = (path: string[]) => path.findLast((part) => !/^\d+$/.test(part)) ?? path.at(-1)

export const noServices = (located: Located): ProblemData => ({
  code: 'compose/empty',
  summary: 'The Compose file has no services.',
  detail: `${located.file} is not a mapping with \`services\`.`,
  place: located.placeOf([]),
  fix: [`docker compose -f ${located.file} config`],
})

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
