import { describe, expect, it } from 'vitest'
import { service, shopApp } from '../../test/twin.ts'
import { Problems } from '../problem/problem.ts'
import { imagesFor } from './images.ts'

const codeFor = (reason: string) => {
  const db = service('db', { image: { from: 'registry', reference: 'postgres:17' } })
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
