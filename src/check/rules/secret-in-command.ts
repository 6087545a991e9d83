import type { ComposeFile } from '../model.ts'
import type { Finding, Rule } from '../rule.ts'
import { scalarsOf } from '../reading/scalars.ts'
import { isHarmless, isSecretName } from '../secrets/secrets.ts'

export const secretInCommand: Rule = {
  id: 'secret-in-command',
  severity: 'warning',
  title: 'A secret is an argument of a program.',
  why: 'Everybody on the server sees it in the list of processes, and so does whoever may look at the container.',
  fix: ['Let the program read it from a variable or a file: most have an option for that.'],
  staged: true,
  bad: {
    files: {
      'compose.yml': `services:
  cache:
    image: redis:8
    command: redis-server --requirepass \${REDIS_PASSWORD:?}
    healthcheck:
      test: [CMD, redis-cli, -a, "\${REDIS_PASSWORD}", ping]
  admin:
    image: tool:2
    command: [serve, --password, Kw8rTz1pQ0]
`,
      '.env.production': `REDIS_PASSWORD=k
`,
    },
    at: ['compose.yml:4:14', 'compose.yml:6:34', 'compose.yml:9:34'],
  },
  good: {
    files: {
      'compose.yml': `services:
  cache:
    image: redis:8
    command: sh -c 'echo "requirepass $$REDIS_PASSWORD" | exec redis-server -'
    environment:
      REDIS_PASSWORD: \${REDIS_PASSWORD:?}
    healthcheck:
      test: [CMD-SHELL, 'REDISCLI_AUTH="$$REDIS_PASSWORD" redis-cli ping']
  admin:
    image: tool:2
    command: [serve, --password-file, /run/secrets/admin, --log, "\${LOG_LEVEL:-info}"]
`,
      '.env.production': `REDIS_PASSWORD=k
`,
    },
  },
  find: (project) => project.composeFiles.flatMap(inFile),
}

const inFile = (file: ComposeFile): Finding[] => {
  const all = scalarsOf(file.located).filter(({ path }) => isCommand(path))
  return all.flatMap(({ path, text }, index) => {
    const before = all[index - 1]
    const isNext =
      before !== undefined && before.path.slice(0, -1).join('\0') === path.slice(0, -1).join('\0')
    const found = referenceIn(text) ?? writtenIn(text, isNext ? before.text : '')
    if (found === null) return []
    const what = path
      .slice(2)
      .filter((step) => typeof step === 'string')
      .join('.')
    return [
      {
        place: file.located.placeOf(path),
        detail: `\`${what}\` of service "${String(path[1])}" holds ${found}.`,
        ...hintFor(file, String(path[1]), what),
      },
    ]
  })
}

const isCommand = ([top, , key, inner]: (string | number)[]) =>
  top === 'services' &&
  (key === 'command' || key === 'entrypoint' || (key === 'healthcheck' && inner === 'test'))

/** `${NAME}`, which Compose fills in; `$$NAME` is filled in by the shell of the container. */
const referenceIn = (text: string): string | null => {
  for (const [, dollars = '', name = ''] of text.matchAll(/(\$+)\{?([A-Za-z_]\w*)/g))
    if (dollars.length % 2 === 1 && isSecretName(name)) return `the value of \`${name}\``
  return null
}

const option = /(?:^|\s)--?(requirepass|masterauth|password|passwd|pass|token|secret|api-?key)$/i
const withValue =
  /(?:^|\s)--?(requirepass|masterauth|password|passwd|pass|token|secret|api-?key)[= ](["']?)([^\s"']+)\2/i

const writtenIn = (text: string, before: string): string | null => {
  const [, name, , value = ''] = withValue.exec(text) ?? []
  if (name && !isHarmless(value) && !value.includes('$')) return `what follows --${name}`
  const next = option.exec(before)?.[1]
  return next && !isHarmless(text) && !/^-|\$/.test(text) ? `what follows --${next}` : null
}

const hintFor = (file: ComposeFile, service: string, what: string): { fix?: string[] } => {
  const { services } = (file.located.value ?? {}) as {
    services?: Record<string, { image?: unknown }>
  }
  const named = services?.[service]?.image
  const image = typeof named === 'string' ? named : ''
  if (!/redis|valkey/.test(image)) return {}
  return what === 'command'
    ? {
        fix: [
          `command: sh -c 'echo "requirepass $$REDIS_PASSWORD" | exec redis-server -'    # and REDIS_PASSWORD below \`environment\``,
        ],
      }
    : { fix: [`test: [CMD-SHELL, 'REDISCLI_AUTH="$$REDIS_PASSWORD" redis-cli ping']`] }
}
