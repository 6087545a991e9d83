import { describe, expect, it } from 'vitest'
import { locate } from '../config/places.ts'
import { mergedProblems } from './merged.ts'
import type { ComposeProject, ComposeService } from './model.ts'
import { translateService } from './translate.ts'

// As `docker compose config --format json` prints it: 2.26 turns a mode into a number, later ones
// print its octal digits.
const project = (service: ComposeService): ComposeProject => ({
  services: { web: { image: 'x', ...service } },
  secrets: { key: { file: '/project/key' } },
})

const mounts = (service: ComposeService) =>
  translateService('shop-production', project(service), 'web', { drainMs: 0, stateful: null })
    .container.secrets

describe('secrets of a service', () => {
  it('are for the user of the container alone, unless it is said otherwise', () => {
    const secrets = [{ source: 'key', target: '/run/secrets/key' }]
    const mount = { secret: 'key', target: '/run/secrets/key', uid: '0', gid: '0', mode: 0o400 }
    expect(mounts({ secrets })).toEqual([mount])
    expect(mounts({ secrets, user: '1000' })).toEqual([{ ...mount, uid: '1000', gid: '1000' }])
    expect(mounts({ secrets, user: '1000:50' })).toEqual([{ ...mount, uid: '1000', gid: '50' }])
    expect(mounts({ secrets, user: 'node' })).toEqual([mount])
    const own = [{ source: 'key', target: 'db', uid: '70', gid: '71', mode: 288 }]
    expect(mounts({ secrets: own, user: '1000' })).toEqual([
      { secret: 'key', target: '/run/secrets/db', uid: '70', gid: '71', mode: 0o440 },
    ])
    expect(mounts({ secrets: [{ source: 'key', mode: '0440' }] })[0]!.mode).toBe(0o440)
    expect(mounts({ secrets: [{ source: 'key', target: '/etc/key' }] })[0]!.target).toBe('/etc/key')
  })

  it.each([
    ['decimal digits that were meant to be octal', { source: 'key', mode: 444 }, '4:15'],
    ['rights to write', { source: 'key', mode: '0600' }, '4:15'],
    ['a name that nothing declares', { source: 'other' }, '4:7'],
  ])('are refused with %s', (_what, mount, place) => {
    const text = 'services:\n  web:\n    secrets:\n    - { mode: 444, source: key }\n'
    const problems = mergedProblems(project({ secrets: [mount] }), [locate('compose.yml', text)])
    expect(problems.map(({ code, place: at }) => `${code} ${at?.line}:${at?.column}`)).toEqual([
      `compose/not-honoured ${place}`,
    ])
  })
})
