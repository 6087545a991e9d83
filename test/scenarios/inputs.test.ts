import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../scripts/bundle.ts'
import { down, inside } from '../../src/lab/vps.ts'
import { type CliResult, zarpe, zarpeOk } from '../lab/cli.ts'
import { dotenvLine } from '../lab/dotenv.ts'
import { readyServer } from '../lab/server.ts'

// What goes in is refused with its place, before anybody is asked for a connection, or it arrives
// byte for byte.

const server = 'inputs'
const folders: string[] = []

/** The hello example with some files replaced; its server is one that cannot be reached. */
const projectWith = (files: Record<string, string>) => {
  const folder = mkdtempSync(join(tmpdir(), 'zarpe-inputs-'))
  folders.push(folder)
  cpSync(join(root, 'examples', 'hello'), folder, { recursive: true })
  const written = { 'zarpe.yml': config(), ...files }
  for (const [name, content] of Object.entries(written))
    writeFileSync(join(folder, name), content, { mode: name.startsWith('.env') ? 0o600 : 0o644 })
  return folder
}

const config = (changes: { server?: string; routes?: string; more?: string } = {}) => `app: inputs
compose: compose.yml
servers:
  main: ${changes.server ?? 'deploy@nowhere.invalid'}
environments:
  production:
    servers: [main]
    routes:
      ${changes.routes ?? 'inputs.example: { /: web:3000 }'}
${changes.more ?? ''}`

const compose = (lines: string[]) => `services:
  web:
    image: hello:1
${lines.map((line) => `    ${line}\n`).join('')}`

type Told = {
  code: string
  detail: string
  place?: { file: string; line: number; column: number }
  fix: string[]
}

const problemsIn = (result: CliResult) =>
  result.events.filter(({ type }) => type === 'problem') as unknown as Told[]

const placesIn = (result: CliResult) =>
  problemsIn(result).map(({ code, place }) =>
    place ? `${code} ${place.file}:${place.line}:${place.column}` : code,
  )

afterAll(async () => {
  if (!process.env['ZARPE_KEEP']) await down(server)
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

describe('a bad input', () => {
  const cases: Record<string, { files: Record<string, string>; told: string[]; argv?: string[] }> =
    {
      'an unknown key': {
        files: { 'zarpe.yml': config({ more: 'realease: {}\n' }) },
        told: ['config/unknown-key zarpe.yml:10:1'],
      },
      'wrong types, all of them at once': {
        files: {
          'zarpe.yml': config({
            routes: 'X.example: { /: web }',
            more: 'release: { keep: many, watch: 5 }\n',
          }),
        },
        told: [
          'config/invalid zarpe.yml:9:7',
          'config/invalid zarpe.yml:10:18',
          'config/invalid zarpe.yml:10:31',
        ],
      },
      'two servers with one address, and an environment on a third': {
        files: {
          'zarpe.yml': config({ server: 'a@vps.invalid\n  other: b@VPS.invalid:22' }).replace(
            '[main]',
            '[constructor]',
          ),
        },
        told: ['config/same-address zarpe.yml:5:10', 'config/unknown-server zarpe.yml:8:15'],
      },
      'a server that ssh would take for an option': {
        files: { 'zarpe.yml': config({ server: '"-oProxyCommand=touch /tmp/canary-config"' }) },
        told: ['config/bad-target zarpe.yml:4:9'],
      },
      'YAML that is none': {
        files: { 'zarpe.yml': 'app: [inputs\n' },
        told: ['config/not-yaml zarpe.yml:2:1'],
      },
      'routes to what Compose lacks, and a service of zarpe.yml too': {
        files: {
          'zarpe.yml': config({
            routes: 'inputs.example: { /: wbe:3000, /api: web:99999 }',
            more: 'services: { worker: { drain: 1s } }\n',
          }),
        },
        told: [
          'config/unknown-service zarpe.yml:9:28',
          'config/bad-port zarpe.yml:9:44',
          'config/unknown-service zarpe.yml:10:13',
        ],
      },
      'Compose keys that are unknown or not honoured, deep ones too': {
        files: {
          'compose.yml': compose([
            'privileged: true',
            'enviroment: {}',
            'build: { context: ., ssh: [default] }',
            'deploy: { resources: { reservations: { devices: [] } } }',
            'networks: { default: { aliases: [a] } }',
          ]),
        },
        told: [
          'compose/not-honoured compose.yml:4:5',
          'compose/unknown-key compose.yml:5:5',
          'compose/not-honoured compose.yml:6:26',
          'compose/not-honoured compose.yml:7:44',
          'compose/not-honoured compose.yml:8:28',
        ],
      },
      'Compose keys that came by extends': {
        files: {
          'base.yml': compose(['privileged: true']),
          'compose.yml': 'services:\n  web:\n    extends: { file: base.yml, service: web }\n',
        },
        told: ['compose/not-honoured'],
      },
      'values of Compose keys that cannot be had': {
        files: {
          'compose.yml': compose([
            'deploy: { mode: global }',
            'entrypoint: ""',
            'volumes: ["./x:/x"]',
          ]),
        },
        told: ['compose/not-honoured compose.yml:4:21', 'compose/not-honoured compose.yml:5:17'],
      },
      'a folder of the laptop': {
        files: { 'compose.yml': compose(['volumes: ["./x:/x"]']) },
        told: ['compose/local-bind compose.yml:4:14'],
      },
      'a Compose file that is not there': {
        files: { 'zarpe.yml': config().replace('compose.yml', '[compose.yml, missing.yml]') },
        told: ['compose/missing-file zarpe.yml:2:24'],
      },
      'what only Compose knows': {
        files: { 'compose.yml': compose(['stop_grace_period: soon']) },
        told: ['compose/refused'],
      },
      'variables without a value': {
        files: {
          'compose.yml': compose([
            'environment:',
            '  A: ${NOPE_A}',
            '  B: "$${X} $NOPE_B ${HOME}"',
          ]),
        },
        told: [
          'compose/unset-variable compose.yml:5:10',
          'compose/unset-variable compose.yml:6:17',
          'compose/unset-variable compose.yml:6:25',
        ],
      },
      'unclear lines of the environment file, with a key of Compose': {
        files: {
          'compose.yml': compose(['privileged: true']),
          '.env.production': 'GOOD=1\nnot a line\nA=b#c\nB="\\d"\nGOOD=2\nC="open\n',
        },
        told: [
          'compose/not-honoured compose.yml:4:5',
          'environment/bad-line .env.production:2:1',
          'environment/bad-line .env.production:3:1',
          'environment/bad-line .env.production:4:1',
          'environment/bad-line .env.production:5:1',
          'environment/bad-line .env.production:6:1',
        ],
      },
      'a value that no program can be started with': {
        files: { '.env.production': `\nLONG=${'x'.repeat(131_067)}\n` },
        told: ['environment/too-long .env.production:2:1'],
      },
      'an empty zarpe.yml': {
        files: { 'zarpe.yml': '' },
        told: ['config/invalid zarpe.yml:1:1'],
      },
      'no environment chosen': {
        files: {
          'zarpe.yml': config().replace(
            'environments:',
            'environments:\n  staging: { servers: [main] }',
          ),
        },
        told: ['config/which-environment'],
      },
      'an environment that is not there': {
        files: {},
        argv: ['--env', 'staging'],
        told: ['config/unknown-environment'],
      },
      'a server of the command line that ssh would take for an option': {
        files: {},
        argv: ['--server', '-oProxyCommand=touch /tmp/canary-server'],
        told: ['ssh/bad-target'],
      },
    }

  it.each(Object.entries(cases))(
    'is refused with its place: %s',
    async (_name, { files, told, argv }) => {
      const folder = projectWith(files)
      const result = await zarpe([...(argv ?? []), 'plan'], { folder })
      expect(result.stderr).toBe('')
      expect(placesIn(result)).toEqual(told)
      expect(result.code).toBe(3)
      for (const { fix } of problemsIn(result)) expect(fix.length).toBeGreaterThan(0)
      const text = await zarpe([...(argv ?? []), 'plan'], { folder, json: false })
      expect(text.code).toBe(3)
      expect(text.stdout).toBe('')
      for (const problem of told) expect(text.stderr).toContain(`[${problem.split(' ')[0]}]`)
      for (const line of problemsIn(result).flatMap(({ fix }) => fix))
        expect(text.stderr).toContain(`→ ${line}`)
    },
  )
})

/** Handpicked texts that something on the way could eat, and as many again at random. */
const hostileValues = () => {
  const picked = [
    ...[
      '',
      ' ',
      ' leading',
      'trailing ',
      '\t',
      '\n',
      'a\n\nb\n',
      '\r\n',
      '\\',
      '\\\\n',
      '\\',
      'C:\\new\\table',
    ],
    ...[
      '$',
      '$$',
      '$$$',
      '${X}',
      '$${X}',
      '$HOME',
      '${HOME:-x}',
      '$(touch /tmp/canary-value)',
      '`touch /tmp/canary-value`',
    ],
    ...[
      "'",
      '"',
      "''",
      '""',
      `'"\``,
      `it's "x"`,
      '#',
      'a#b',
      'a #b',
      '# a',
      '=',
      'a=b',
      '==',
      ';',
      '; touch /tmp/canary-value',
    ],
    ...[
      '{',
      '}',
      '[a]',
      '{"a": [1, "x"]}',
      '- a',
      'a: b',
      '&a',
      '*a',
      '!x',
      '%',
      '@',
      '|',
      '>',
      'null',
      '~',
      'true',
      '1e3',
    ],
    ...[
      'é',
      '🚢',
      '\u202e',
      '\u00a0',
      '\ufeff',
      '\u0001\u0002',
      '\u001b[31m',
      '{{.Node.Hostname}}',
      '{{ env "X" }}',
    ],
  ]
  const unit = fc.oneof(
    fc.constantFrom(...'\'"`\\$#={}&;:|<> \t\r\n'.split('')),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  )
  const random = fc.string({ unit, minLength: 1 }).filter((text) => !text.includes('\0'))
  const seed = Number(process.env['ZARPE_SEED'] ?? 7)
  return [...picked, ...fc.sample(random, { numRuns: 30, seed }), 'x'.repeat(100_000)]
}

/** A YAML text in double quotes with Compose's dollar signs doubled: the way to write it in the file. */
const literal = (text: string) =>
  JSON.stringify(text)
    .replaceAll('$', () => '$$')
    .replaceAll(
      /[\u007f-\u009f\u2028\u2029\ufeff]/g,
      (each) => `\\u${each.codePointAt(0)!.toString(16).padStart(4, '0')}`,
    )

const still = ['image: node:24-slim', 'command: [node, -e, "setInterval(() => {}, 1e9)"]']

/** The environment of a process, from its `/proc/<pid>/environ` in base64. */
const entriesOf = (base64: string): Record<string, string> =>
  Object.fromEntries(
    Buffer.from(base64, 'base64')
      .toString('utf8')
      .split('\0')
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  )

describe('on a server', () => {
  let folder = ''
  const options = () => ({ folder, server })

  beforeAll(async () => {
    await readyServer(server)
  })

  it('every value arrives byte for byte, on each of its ways', async () => {
    const values = hostileValues()
    const named = (way: string) => values.map((value, index) => [`${way}_${index}`, value] as const)
    folder = projectWith({
      'zarpe.yml': config({ routes: '{}' }).replace(/routes:\n +/, 'routes: '),
      'compose.yml': `services:\n  web:\n${still.map((line) => `    ${line}\n`).join('')}    environment:\n${[
        ...named('PASS').map(([name]) => `      ${name}:\n`),
        ...named('PART').map(([name], index) => `      ${name}: "<\${PASS_${index}}>"\n`),
        ...named('TEXT').map(([name, value]) => `      ${name}: ${literal(value)}\n`),
        '      PATH_OF_MINE: ${PATH}\n',
      ].join('')}`,
      '.env.production': [
        ...named('PASS').map(([name, value]) => dotenvLine(name, value)),
        dotenvLine('PATH', '/not/of/this/laptop'),
      ].join('\n'),
    })
    chmodSync(join(folder, '.env.production'), 0o600)
    await zarpeOk(['deploy'], options())
    const read = await zarpeOk(['exec', 'web', '--', 'base64', '-w0', '/proc/1/environ'], {
      ...options(),
      json: false,
    })
    const arrived = entriesOf(read.stdout)
    for (const [index, value] of values.entries()) {
      expect(arrived[`PASS_${index}`]).toBe(value)
      expect(arrived[`PART_${index}`]).toBe(`<${value}>`)
      expect(arrived[`TEXT_${index}`]).toBe(value)
    }
    const once = await zarpeOk(['run', 'web', '--', 'base64', '-w0', '/proc/1/environ'], {
      ...options(),
      json: false,
    })
    expect(entriesOf(once.stdout)).toMatchObject(Object.fromEntries(named('PASS')))
    expect(arrived['PATH_OF_MINE']).toBe('/not/of/this/laptop')
  })

  it('values that others can read are refused, with the command that mends it', async () => {
    chmodSync(join(folder, '.env.production'), 0o644)
    const result = await zarpe(['plan'], options())
    expect(result.code).toBe(3)
    expect(placesIn(result)).toEqual(['environment/open-to-others .env.production:1:1'])
    expect(problemsIn(result)[0]!.fix).toEqual(['chmod 600 .env.production'])
    chmodSync(join(folder, '.env.production'), 0o600)
  })

  it('every argument of a command arrives byte for byte, and so does its input', async () => {
    const words = hostileValues().filter((value) => value.length < 1_000)
    for (const verb of ['exec', 'run']) {
      const result = await zarpeOk(
        [
          verb,
          'web',
          '--',
          'node',
          '-e',
          'process.stdout.write(Buffer.from(process.argv.slice(1).join("\\1")).toString("base64"))',
          '--',
          ...words,
        ],
        {
          ...options(),
          json: false,
        },
      )
      expect(Buffer.from(result.stdout, 'base64').toString('utf8').split('\u0001')).toEqual(
        words.join('\u0001').split('\u0001'),
      )
    }
    const input = hostileValues().join('\n').repeat(5)
    const echoed = await zarpeOk(['exec', 'web', '--', 'base64', '-w0'], {
      ...options(),
      json: false,
      input,
    })
    expect(Buffer.from(echoed.stdout, 'base64').toString('utf8')).toBe(input)
  })

  it('no name, number or pattern of a command line becomes a command', async () => {
    const canaries = [
      "'; touch /tmp/canary-cli #`touch /tmp/canary-cli`",
      '--x=$(touch /tmp/canary-cli)',
    ]
    for (const text of canaries) {
      const runs: [string[], number[]][] = [
        [['--server', text, 'status'], [3]],
        [['--env', text, 'status'], [3]],
        [['exec', '--', text, 'true'], [3]],
        [['run', '--', text, 'true'], [3]],
        [['logs', '--', text], [3]],
        [['logs', `--grep=${text}`], [0]],
        [['logs', `--since=${text}`], [3]],
        [['logs', `--release=${text}`], [3]],
        [['logs', `--lines=${text}`], [3]],
        [['rollback', '--', text], [3]],
        [
          ['scale', '--', `${text}=1`],
          [1, 3],
        ],
        [['-C', `${folder}/${text}`, 'status'], [3]],
      ]
      for (const [argv, codes] of runs) {
        const result = await zarpe(argv, { ...options(), json: true })
        expect(
          codes,
          `${argv.join(' ')} exited ${result.code}: ${result.stdout}${result.stderr}`,
        ).toContain(result.code)
        expect(result.stderr).toBe('')
      }
    }
    expect(readdirSync('/tmp').filter((name) => name.startsWith('canary'))).toEqual([])
    const there = await inside(server, [
      'find',
      '/tmp',
      '/root',
      '/home',
      '/var/tmp',
      '-name',
      'canary*',
    ])
    expect(there.stdout).toBe('')
    const within = await zarpeOk(['exec', 'web', '--', 'find', '/', '-xdev', '-name', 'canary*'], {
      ...options(),
      json: false,
    })
    expect(within.stdout).toBe('')
  })
})

describe('a command line that is none', () => {
  it.each([
    [['--nope', 'plan'], 'unknown option'],
    [['deplyo'], 'unknown command'],
    [['exec', 'web'], 'missing required argument'],
    [['plan', '--env'], 'argument missing'],
  ])('ends with 2 and says what is wrong: %j', async (argv, text) => {
    const { code, stderr } = await zarpe(argv, { json: false })
    expect(stderr).toContain(text)
    expect(code).toBe(2)
  })
})
