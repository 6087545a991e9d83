import { describe, expect, it } from 'vitest'
import { shop } from '../../../test/twin.ts'
import { recordOf } from '../deploy/record.ts'
import { isPlain, openRelease, sealRelease, type SealedRelease } from './sealed-record.ts'

const key = Buffer.alloc(32, 7)
const wanted = shop({ db: 1, api: 1, web: 1, scheduler: 1 })
const release = recordOf(wanted, null, 1, '2026-01-31T12:00:00.000Z')
release.services[0]!.spec.TaskTemplate.ContainerSpec.Env = ['PIN=4711', 'PASSWORD=hunter2 "x"']
const written = () => JSON.parse(JSON.stringify(sealRelease(key, release))) as SealedRelease

describe('a record', () => {
  it('gives back the whole release, and shows no value without the key', () => {
    expect(openRelease(key, written())).toEqual(release)
    const text = JSON.stringify(written())
    // Long enough not to stand in base64 by chance; what is sealed has none of the quotes either.
    for (const part of ['PIN=4711', 'hunter2 ', 'PASSWORD=', 'TaskTemplate'])
      expect(text).not.toContain(part)
    expect(text).toContain('"service":"db"')
    expect(openRelease(Buffer.alloc(32, 8), written())).toBeNull()
  })

  it('does not open when a seal was moved to another service or release', () => {
    const [first, second, ...rest] = written().services as { sealed: string }[]
    const swapped = { ...written(), services: [{ ...first, sealed: second!.sealed }, ...rest] }
    expect(openRelease(key, swapped as SealedRelease)).toBeNull()
    expect(openRelease(key, { ...written(), number: 2 })).toBeNull()
    expect(openRelease(key, {} as SealedRelease)).toBeNull()
    for (const odd of [null, 'x', {}, { sealed: 3 }]) {
      const record = { ...written(), services: [odd] } as unknown as SealedRelease
      expect(openRelease(key, record)).toBeNull()
      expect(isPlain(record)).toBe(false)
    }
  })

  it('from before there were seals is read as it is', () => {
    const plain = JSON.parse(JSON.stringify(release)) as SealedRelease
    expect(openRelease(key, plain)).toEqual(release)
    expect([isPlain(plain), isPlain(written())]).toEqual([true, false])
  })
})

it('the hash of a service tells nothing to somebody without the server’s key', () => {
  const ofKey = (hashKey: string) =>
    shop({ db: 1, api: 1, web: 1, scheduler: 1 }, hashKey).services.map(({ hash }) => hash)
  expect(ofKey('a')).toEqual(ofKey('a'))
  for (const [index, hash] of ofKey('a').entries()) expect(ofKey('b')[index]).not.toBe(hash)
})
