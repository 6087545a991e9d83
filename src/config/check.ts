import type { z } from 'zod'
import { parseTarget } from '../io/ssh/target.ts'
import { type ProblemData, problemsOf } from '../problem/problem.ts'
import type { Located } from './places.ts'
import { type Config, configSchema } from './schema.ts'
import { storeProblems } from './stores.ts'

/** Every mistake in zarpe.yml that can be told from the file alone, or the configuration. */
export const checkConfig = (
  located: Located,
): { config: Config; problems: [] } | { config: null; problems: ProblemData[] } => {
  if (located.mistakes.length > 0)
    return {
      config: null,
      problems: located.mistakes.map(({ text, place }) => notYaml(text, place)),
    }
  const parsed = configSchema.safeParse(located.value)
  if (!parsed.success)
    return {
      config: null,
      problems: inOrder(parsed.error.issues.flatMap((issue) => fromIssue(located, issue))),
    }
  const problems = inOrder(acrossKeys(located, parsed.data))
  return problems.length > 0 ? { config: null, problems } : { config: parsed.data, problems: [] }
}

/** As they stand in the file, so that it can be gone through from top to bottom. */
const inOrder = (problems: ProblemData[]) =>
  problems.toSorted(
    (left, right) =>
      (left.place?.line ?? 0) - (right.place?.line ?? 0) ||
      (left.place?.column ?? 0) - (right.place?.column ?? 0),
  )

const notYaml = (text: string, place: ProblemData['place']): ProblemData => ({
  code: 'config/not-yaml',
  summary: 'A file is not valid YAML.',
  detail: `${text}.`,
  ...(place ? { place } : {}),
  fix: ['Check the indentation and quotes at that place.'],
})

const fromIssue = (located: Located, issue: z.core.$ZodIssue): ProblemData[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(located, [...issue.path, key]))
  const name = issue.path.map(String).join('.')
  const keyed = issue.code === 'invalid_key'
  const text = inWords(keyed ? (issue.issues[0]?.message ?? issue.message) : issue.message)
  return [
    {
      code: 'config/invalid',
      summary: 'A value in zarpe.yml is not usable.',
      detail: name ? `\`${name}\`: ${text}.` : `${text}.`,
      place: located.placeOf(issue.path, keyed ? 'key' : 'value'),
      fix: [`See docs/reference/config.md${name ? ` for \`${String(issue.path[0])}\`` : ''}.`],
    },
  ]
}

/** The validator speaks of JavaScript; the file is YAML. */
const inWords = (message: string) =>
  message
    .replace(/^Invalid input: expected .*, received undefined$/, 'is missing')
    .replace(/^Invalid input: expected (\w+), received (\w+)$/, 'must be a $1, not $2')
    .replaceAll(/\b(object|record)\b/g, 'mapping')
    .replaceAll(/\barray\b/g, 'list')
    .replaceAll(/\bstring\b/g, 'text')
    .replace(/\bnull\b/, 'empty')

const unknownKey = (located: Located, path: PropertyKey[]): ProblemData => ({
  code: 'config/unknown-key',
  summary: 'zarpe.yml has a key that Zarpe does not know.',
  detail: `\`${path.map(String).join('.')}\` is not a key of zarpe.yml, so it would have no effect.`,
  place: located.placeOf(path, 'key'),
  fix: [
    path[0] === 'check' && path[1] === 'off'
      ? 'Correct its spelling or remove it; docs/reference/rules.md lists every rule.'
      : 'Correct its spelling or remove it; docs/reference/config.md lists every key.',
  ],
})

const acrossKeys = (located: Located, config: Config): ProblemData[] => [
  ...noEnvironment(located, config),
  ...badTargets(located, config),
  ...sameAddress(located, config),
  ...unknownServers(located, config),
  ...storeProblems(located, config),
]

/** Nothing could be released; and a check of every environment would look at none and be content. */
const noEnvironment = (located: Located, config: Config): ProblemData[] =>
  Object.keys(config.environments).length > 0
    ? []
    : [
        {
          code: 'config/no-environment',
          summary: 'zarpe.yml has no environment.',
          detail: '`environments` is empty, so there is nothing to release or to check.',
          place: located.placeOf(['environments']),
          fix: [
            `Add one: environments: { production: { servers: [${Object.keys(config.servers)[0] ?? '…'}] } }`,
          ],
        },
      ]

/** What ssh would take for something else than an address must never get as far as ssh. */
const badTargets = (located: Located, config: Config): ProblemData[] =>
  Object.entries(config.servers).flatMap(([name, target]) => {
    try {
      parseTarget(target)
      return []
    } catch (thrown) {
      const place = located.placeOf(['servers', name])
      return problemsOf(thrown).map((problem) => ({ ...problem, code: 'config/bad-target', place }))
    }
  })

const sameAddress = (located: Located, config: Config): ProblemData[] => {
  const seen = new Map<string, string>()
  return Object.entries(config.servers).flatMap(([name, target]) => {
    const host = target
      .replace(/^[^@]*@/, '')
      .replace(/:22$/, '')
      .toLowerCase()
    const first = seen.get(host)
    seen.set(host, first ?? name)
    if (first === undefined) return []
    return [
      {
        code: 'config/same-address',
        summary: 'Two servers have one address.',
        detail: `\`servers.${name}\` and \`servers.${first}\` are both ${host}.`,
        place: located.placeOf(['servers', name]),
        fix: ['Give one of them its own address, or remove it.'],
      },
    ]
  })
}

const unknownServers = (located: Located, config: Config): ProblemData[] =>
  Object.entries(config.environments).flatMap(([environment, { servers }]) =>
    servers.flatMap((server, index) => {
      if (Object.hasOwn(config.servers, server)) return []
      const problem = {
        code: 'config/unknown-server',
        summary: 'An environment names a server that is not listed.',
        detail: `\`environments.${environment}\` runs on "${server}", which \`servers\` does not have.`,
        place: located.placeOf(['environments', environment, 'servers', index]),
        fix: [`Add it: servers: { ${server}: user@host }`],
      }
      return [problem]
    }),
  )
