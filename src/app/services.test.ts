import { describe, expect, it } from 'vitest'
import { locate } from '../config/places.ts'
import type { ComposeService } from '../compose/model.ts'
import { translateService } from '../compose/translate.ts'
import { migrationProblems, serviceProblems, unsetNotes } from './services.ts'

const file = locate(
  'compose.yml',
  'services:\n  web:\n    image: x\n    environment:\n      LONG: x\n    volumes: [a:b]\n',
)
const told = (service: ComposeService, name = 'web', project = 'shop-production') =>
  serviceProblems(
    project,
    translateService(project, { services: { [name]: service } }, name, {
      drainMs: 0,
      stateful: null,
    }),
    [file],
  ).map(({ code, place }) => `${code} ${place ? `${place.line}:${place.column}` : '-'}`)

describe('serviceProblems', () => {
  it('finds nothing wrong with a usual service', () => {
    expect(
      told({ image: 'ghcr.io/shop/web:1.2', environment: { A: '', B: 'x'.repeat(131_069) } }),
    ).toEqual([])
  })

  it.each<[string, ComposeService, string]>([
    ['an image that is an option', { image: '-v' }, 'compose/bad-image 3:12'],
    ['no image', {}, 'compose/bad-image 3:12'],
    [
      'an image with a command in it',
      { image: 'x:$(touch /tmp/canary)' },
      'compose/bad-image 3:12',
    ],
    [
      'a value that is too long',
      { image: 'x', environment: { LONG: 'x'.repeat(131_067) } },
      'environment/too-long 5:13',
    ],
    ['a NUL', { image: 'x', environment: { NUL: 'a\0b' } }, 'environment/nul 5:7'],
    ['a name with =', { image: 'x', environment: { 'A=B': '1' } }, 'environment/nul 5:7'],
    [
      'a bind of a relative path',
      { image: 'x', volumes: [{ type: 'bind', source: '~/x', target: '/x' }] },
      'compose/bad-bind 6:14',
    ],
  ])('refuses %s, with its place', (_name, service, expected) =>
    expect(told(service)).toEqual([expected]),
  )

  it.each(['a.b', '-web', 'web-', 'a b', '$(x)', 'x'.repeat(33)])('refuses the name %j', (name) => {
    expect(told({ image: 'x' }, name)).toEqual([expect.stringContaining('compose/bad-name')])
  })
})

describe('the name on the server', () => {
  const project = 'a'.repeat(52)

  it('must not become too long, whatever number a release has', () => {
    expect(told({ image: 'x' }, 'web', project)).toEqual([])
    expect(told({ image: 'x' }, 'web2', project)).toEqual(['compose/long-name 2:3'])
    // What keeps data has no number in its name.
    const data = { image: 'x', volumes: [{ type: 'volume' as const, source: 'a', target: '/a' }] }
    expect(told(data, 'd'.repeat(10), project)).toEqual([])
    expect(told(data, 'd'.repeat(11), project)).toEqual(['compose/long-name 2:3'])
  })

  it('of a migration neither', () => {
    const config = locate('zarpe.yml', 'app: x\nrelease: { migrate: { service: web } }\n')
    const migration = (length: number) => migrationProblems('a'.repeat(length), config)
    expect(migration(47)).toEqual([])
    expect(migration(48)).toMatchObject([
      { code: 'config/long-name', place: { line: 2, column: 12 } },
    ])
  })
})

describe('unsetNotes', () => {
  it('tells of variables that stay unset', () => {
    expect(
      unsetNotes({ services: { web: { environment: { A: null, B: '', C: 'x' } }, db: {} } }),
    ).toEqual(['web gets no A: it has no value in this environment'])
  })
})
