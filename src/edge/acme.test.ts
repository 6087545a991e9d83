import { expect, test } from 'vitest'
import { lastRefusal } from './acme.ts'
import { noCertificate } from './problems.ts'

const line = (error: string) =>
  JSON.stringify({ level: 'error', logger: 'tls.obtain', msg: 'will retry', error })
const refused = line(
  '[shop.example] Obtain: [shop.example] solving challenge: shop.example: [shop.example] authorization failed: HTTP 400 urn:ietf:params:acme:error:dns - DNS problem: NXDOMAIN looking up A for shop.example (ca=https://acme.example/dir)',
)

test('finds the last refusal for a domain, in the words of the authority', () => {
  const lines = [
    'not JSON',
    line('[other.example] Obtain: something else'),
    refused,
    '{"level":"info"}',
  ]
  expect(lastRefusal(lines, 'shop.example')?.reason).toBe(
    'solving challenge: shop.example: authorization failed: HTTP 400 urn:ietf:params:acme:error:dns - DNS problem: NXDOMAIN looking up A for shop.example',
  )
  expect(lastRefusal(lines, 'hello.example')).toBeNull()
})

test('names the way out that fits the reason', () => {
  const fix = (reason: string) => noCertificate('shop.example', reason, []).data.fix[0]
  expect(fix('urn:ietf:params:acme:error:dns - NXDOMAIN')).toContain('Point the DNS name')
  expect(fix('HTTP 429 urn:ietf:params:acme:error:rateLimited')).toContain('Wait until the limit')
  expect(fix('Failed to connect')).toContain('leads to this server')
})
