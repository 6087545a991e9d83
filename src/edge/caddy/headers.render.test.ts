import { expect, test } from 'vitest'
import { headersUnlessSent } from './headers.render.ts'

const set = (own?: Record<string, string>) =>
  Object.fromEntries(
    headersUnlessSent(own).map(({ response }) => [Object.keys(response.set)[0]!, response]),
  )

test('adds what an app does not send, and nothing that it does', () => {
  expect(Object.keys(set())).toEqual([
    'Referrer-Policy',
    'Strict-Transport-Security',
    'X-Content-Type-Options',
  ])
  for (const [name, response] of Object.entries(set()))
    expect(response.require.headers).toEqual({ [name]: null })
})

test('lets the user replace, leave out and add', () => {
  const own = {
    'referrer-policy': 'no-referrer',
    'Strict-Transport-Security': '',
    'Content-Security-Policy': "default-src 'self'",
  }
  expect(Object.keys(set(own))).toEqual([
    'Content-Security-Policy',
    'X-Content-Type-Options',
    'referrer-policy',
  ])
  expect(set(own)['referrer-policy']!.set).toEqual({ 'referrer-policy': ['no-referrer'] })
})
