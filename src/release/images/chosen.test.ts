import { describe, expect, it } from 'vitest'
import { service, shopApp } from '../../../test/twin.ts'
import { Problems } from '../../problem/problem.ts'
import { builtBefore, imagesFor, platformNotes } from './chosen.ts'
import type { Release } from '../model.ts'

const codeFor = (reason: string) => {
  const db = service('db', {
    image: { from: 'registry', reference: 'postgres:17', platform: null },
  })
  try {
    imagesFor({ ...shopApp([db]), services: [db] }, {}, { 'postgres:17': { problem: reason } })
  } catch (thrown) {
    return (thrown as Problems).list[0]!.code
  }
  return 'none'
}

// The engines' own words, of 20.10, 26.1 and 29.
describe('an image that cannot be resolved', () => {
  it.each([
    ['manifest unknown: manifest unknown', 'image/not-found'],
    ['docker.io/library/postgres:17: not found', 'image/not-found'],
    ['pull access denied for acme/api, repository does not exist', 'image/denied'],
    ['unauthorized: authentication required', 'image/denied'],
    ['toomanyrequests: You have reached your pull rate limit', 'image/denied'],
    [
      'Get "https://r.example/v2/": dial tcp: lookup r.example: no such host',
      'image/registry-unreachable',
    ],
    ['Get "https://r.example/v2/": context deadline exceeded', 'image/registry-unreachable'],
    ['tls: failed to verify certificate: x509: unknown', 'image/registry-unreachable'],
  ])('%s', (reason, code) => {
    expect(codeFor(reason)).toBe(code)
  })
})

describe('an image that a registry has', () => {
  const digest = `sha256:${'1'.repeat(64)}`
  const chosen = (processors: string[], processor?: string, platform: string | null = null) => {
    const image = { from: 'registry', reference: 'postgres:17', platform } as const
    const db = service('db', { image })
    const app = { ...shopApp([db]), services: [db] }
    const found = { reference: `postgres:17@${digest}`, digest, processors }
    return imagesFor(app, {}, { 'postgres:17': found }, processor)
  }

  it.each([
    [['amd64', 'arm64'], 'arm64'],
    [['386'], 'amd64'],
    [[], 'amd64'],
    [['s390x'], undefined],
  ])('for %j is taken for a server with %s', (processors, processor) => {
    expect(chosen(processors, processor)).toEqual({
      db: { reference: `postgres:17@${digest}`, digest },
    })
  })

  it('for others alone is refused, unless the Compose file asks for it by its platform', () => {
    expect(() => chosen(['amd64', '386'], 'arm64')).toThrow(
      'there for amd64, 386; the server has arm64',
    )
    expect(chosen(['amd64'], 'arm64', 'linux/amd64')['db']).toMatchObject({ digest })
  })
})

it('a service that asks for another processor than the server has is told of', () => {
  const of = (platform: string | null) => {
    const image = { from: 'registry', reference: 'a:1', platform } as const
    const app = { ...shopApp([]), services: [service('far', { image })] }
    return platformNotes(app, 'amd64')
  }
  expect(of('linux/arm64/v8')).toEqual([
    'far is for linux/arm64/v8, and the server has amd64: it must emulate that',
  ])
  expect([null, 'linux/amd64', 'linux/386'].flatMap(of)).toEqual([])
})

describe('builtBefore', () => {
  const image = { reference: '127.0.0.1:5210/shop-production/api@sha256:1', digest: 'sha256:1' }
  const before = { services: [{ service: 'api', image }] } as unknown as Release

  it('keeps what the current release runs, and asks nothing about images of a registry', () => {
    const db = service('db', {
      image: { from: 'registry', reference: 'postgres:17', platform: null },
    })
    expect(builtBefore(shopApp([service('api'), db]), before)).toEqual({ api: image })
  })

  it('refuses a service that was never released, by name', () => {
    expect(() => builtBefore(shopApp([service('api'), service('web')]), before)).toThrow(
      /image\/never-built.*"web"/,
    )
    expect(() => builtBefore(shopApp([service('api')]), null)).toThrow('image/never-built')
  })
})
