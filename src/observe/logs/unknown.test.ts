import { describe, expect, it } from 'vitest'
import { deployed, shop } from '../../../test/twin.ts'
import { unknownIn } from './unknown.ts'

const server = deployed(shop({ db: 1, api: 1, web: 1, scheduler: 1 }))
const codeOf = (service: string | null, release: number | null) =>
  unknownIn(server, { service, release })?.data.code

describe('unknownIn', () => {
  it('knows what is in a record', () => {
    expect([codeOf(null, null), codeOf('web', null), codeOf(null, 1), codeOf('web', 1)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('refuses what is in none', () => {
    expect(codeOf('wbe', null)).toBe('config/unknown-service')
    expect(codeOf(null, 99)).toBe('config/unknown-release')
    expect(codeOf('web', 99)).toBe('config/unknown-release')
  })
})
