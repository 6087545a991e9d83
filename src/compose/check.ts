import type { Located } from '../config/places.ts'
import type { ProblemData } from '../problem/problem.ts'
import { type KeyFate, serviceKeys, topKeys } from './keys.ts'

export type ComposeCheck = { problems: ProblemData[]; notes: string[] }

/** Looks at the keys of a Compose file as it was written: what is refused, what is set aside. */
export const checkCompose = (located: Located): ComposeCheck => {
  if (located.mistakes.length > 0)
    return {
      notes: [],
      problems: located.mistakes.map(({ text, place }) => ({
        code: 'compose/not-yaml',
        summary: 'The Compose file is not valid YAML.',
        detail: `${text}.`,
        place,
        fix: ['docker compose config'],
      })),
    }
  const value = located.value
  if (!isRecord(value)) return { problems: [empty(located)], notes: [] }
  const check: ComposeCheck = { problems: [], notes: [] }
  judge(located, check, [], value, topKeys)
  const services = isRecord(value['services']) ? value['services'] : {}
  for (const [name, service] of Object.entries(services))
    if (isRecord(service)) judge(located, check, ['services', name], service, serviceKeys)
  return check
}

const judge = (
  located: Located,
  check: ComposeCheck,
  path: string[],
  value: Record<string, unknown>,
  table: Record<string, KeyFate>,
) => {
  for (const key of Object.keys(value)) {
    if (key.startsWith('x-')) continue
    const known = Object.hasOwn(table, key) ? table[key] : undefined
    const name = [...path, key].join('.')
    if (!known) check.problems.push(unknown(located, [...path, key]))
    else if (known.fate === 'refused')
      check.problems.push(notHonoured(located, [...path, key], known.why))
    else if (known.fate === 'set aside') check.notes.push(`${name} is set aside: ${known.why}`)
  }
}

const unknown = (located: Located, path: string[]): ProblemData => ({
  code: 'compose/unknown-key',
  summary: 'The Compose file has a key that the specification does not know.',
  detail: `\`${path.join('.')}\` is no key of the Compose specification.`,
  place: located.placeOf(path, 'key'),
  fix: ['Correct its spelling or remove it.'],
})

const notHonoured = (located: Located, path: string[], why: string): ProblemData => ({
  code: 'compose/not-honoured',
  summary: 'The Compose file asks for something that Zarpe cannot honour.',
  detail: `\`${path.join('.')}\`: ${why}.`,
  place: located.placeOf(path, 'key'),
  fix: [`Remove \`${path.at(-1)}\`, or move it to a Compose file for development only.`],
})

const empty = (located: Located): ProblemData => ({
  code: 'compose/empty',
  summary: 'The Compose file has no services.',
  detail: `${located.file} is not a mapping with \`services\`.`,
  place: located.placeOf([]),
  fix: ['docker compose config'],
})

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
