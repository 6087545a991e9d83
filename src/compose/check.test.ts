import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { locate } from '../config/places.ts'
import { checkCompose } from './check.ts'
import { innerServiceKeys, innerTopKeys } from './inner-keys.ts'
import { type KeyFate, serviceKeys, topKeys } from './keys.ts'

// Which version of the specification, and how the list was got, stands in the fixture itself.
const { paths } = JSON.parse(
  readFileSync(new URL('../../test/fixtures/compose-keys.json', import.meta.url), 'utf8'),
) as { paths: string[] }

const below = (prefix: string, keys: Record<string, KeyFate>) =>
  Object.fromEntries(Object.entries(keys).map(([key, fate]) => [prefix + key, fate]))

const check = (text: string) => checkCompose(locate('compose.yml', text))
const told = (text: string) =>
  check(text).problems.map(
    ({ code, place }) => `${code} ${place?.file}:${place?.line}:${place?.column}`,
  )

describe('the tables of keys', () => {
  const all: Record<string, KeyFate> = {
    ...below('', topKeys),
    ...below('services.*.', serviceKeys),
    ...Object.assign(
      {},
      ...Object.entries(innerTopKeys).map(([path, keys]) => below(`${path}.`, keys)),
      ...Object.entries(innerServiceKeys).map(([path, keys]) => below(`services.*.${path}.`, keys)),
    ),
  }
  /** What lies below a key that is refused or set aside shares its fate. */
  const isCovered = (path: string) => {
    const parents = path.split('.').map((_step, index, steps) => steps.slice(0, index).join('.'))
    return parents.some((parent) => /^(refused|set aside)$/.test(all[parent]?.fate ?? ''))
  }

  it('know the fate of every key of the Compose specification', () => {
    expect(paths.length).toBeGreaterThan(300)
    expect(paths.filter((path) => !all[path] && !isCovered(path))).toEqual([])
  })

  it('know no key that the specification does not have', () => {
    expect(Object.keys(all).filter((path) => !paths.includes(path))).toEqual([])
  })
})

describe('checkCompose', () => {
  it('accepts what it honours, and notes what it sets aside', () => {
    const { problems, notes } = check(
      'services:\n  web:\n    build: .\n    privileged: false\n    ports: ["80:80"]\n    x-mine: 1\n',
    )
    expect(problems).toEqual([])
    expect(notes).toEqual([
      'services.web.ports is set aside: only the edge publishes ports: write a route in zarpe.yml',
    ])
  })

  it.each([
    ['no YAML', 'services: [', 'compose/not-yaml compose.yml:1:12'],
    ['no mapping', '- web', 'compose/empty compose.yml:1:1'],
    ['an unknown key', 'services: { web: { imag: x } }', 'compose/unknown-key compose.yml:1:20'],
    ['an unknown key at the top', 'servces: {}', 'compose/unknown-key compose.yml:1:1'],
    [
      'an inherited name',
      'services: { web: { constructor: x } }',
      'compose/unknown-key compose.yml:1:20',
    ],
    [
      'what Swarm drops',
      'services:\n  web:\n    devices: []',
      'compose/not-honoured compose.yml:3:5',
    ],
    [
      'an unknown key deep down',
      'services: { web: { deploy: { resources: { limits: { memry: 1 } } } } }',
      'compose/unknown-key compose.yml:1:53',
    ],
    [
      'a refused key of a mount',
      'services:\n  web:\n    volumes:\n      - a:/a\n      - { type: volume, target: /b, volume: { subpath: x } }',
      'compose/not-honoured compose.yml:5:47',
    ],
    [
      'a driver of volumes',
      'volumes:\n  data:\n    driver: nfs',
      'compose/not-honoured compose.yml:3:5',
    ],
    [
      'a network of others',
      'networks: { x: { external: true } }',
      'compose/not-honoured compose.yml:1:18',
    ],
  ])('refuses %s, with its place', (_name, text, expected) =>
    expect(told(text)).toEqual([expected]),
  )
})
