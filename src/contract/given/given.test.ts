import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDotenv, plainProblems } from '../../app/dotenv.ts'
import type { Service } from '../../io/engine/types.ts'
import type { Release } from '../../release/model.ts'
import { compare, fingerprintsOf } from './fingerprint.ts'
import { givenTo } from './given.ts'
import { pulledFile } from './pulled.render.ts'

const swarm = (name: string, lines: string[]) =>
  ({ Spec: { Name: name, TaskTemplate: { ContainerSpec: { Env: lines } } } }) as Service
const release = (...pairs: [string, string][]) =>
  ({
    services: pairs.map(([service, swarmService]) => ({ service, swarmService })),
  }) as Release

describe('givenTo', () => {
  it('takes the services of the release, as their containers see the values', () => {
    const services = [
      swarm('p_web-r2', ['A=1=2', 'B=', 'C={{"{{"}}x}}', 'ZARPE_RELEASE=2']),
      swarm('p_web-r1', ['A=old']),
    ]
    expect(givenTo(release(['web', 'p_web-r2'], ['gone', 'p_gone-r2']), services)).toEqual({
      web: { A: '1=2', B: '', C: '{{x}}' },
    })
  })
})

describe('fingerprints', () => {
  it('compare values without holding them', () => {
    const key = randomBytes(32)
    const left = fingerprintsOf(key, { A: 'hunter2', B: 'x', C: 'c' })
    const right = fingerprintsOf(key, { A: 'hunter2', B: 'y', D: 'd' })
    expect(compare(left, right)).toEqual([
      { name: 'A', state: 'same' },
      { name: 'B', state: 'differs' },
      { name: 'C', state: 'only-left' },
      { name: 'D', state: 'only-right' },
    ])
    expect(JSON.stringify([left, right])).not.toContain('hunter2')
    // Another key, or another name, and nothing can be told from them.
    expect(fingerprintsOf(randomBytes(32), { A: 'hunter2' })['A']).not.toBe(left['A'])
    expect(fingerprintsOf(key, { Z: 'hunter2' })['Z']).not.toBe(left['A'])
  })
})

describe('pulledFile', () => {
  it('writes what the services agree upon, and names the rest', () => {
    const pulled = pulledFile('release 3', {
      web: { A: '1', PORT: '80' },
      api: { PORT: '81', B: 'x y' },
    })
    expect(pulled.text).toBe(
      "# What release 3 was given. Secrets: keep this file out of git.\n# PORT differs between api, web\nA=1\nB='x y'\n",
    )
    expect(pulled.conflicts).toEqual([{ name: 'PORT', services: ['api', 'web'] }])
  })

  it('is read back byte for byte', () => {
    const value = fc.string({ unit: fc.constantFrom(...'ab\'"`\\$#{}= \t\r\n'.split('')) })
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('A', 'B', 'C_1'), value), (values) => {
        const read = parseDotenv('', pulledFile('x', { web: values }).text)
        expect(plainProblems(read)).toEqual([])
        expect(read.values).toEqual({ ...values })
      }),
    )
  })
})
