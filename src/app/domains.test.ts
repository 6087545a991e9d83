import { describe, expect, it } from 'vitest'
import { certificateNote, elsewhereOf } from './domains.ts'

const main = { name: 'main', addresses: ['198.51.100.20', '2001:db8::20', '10.0.0.5', '127.0.0.1'] }
const note = (led: string[] | null) => certificateNote('shop.example', led, main)

describe('certificateNote', () => {
  it('is silent where a domain leads to the server, by whichever of its addresses', () => {
    expect(note(['198.51.100.20'])).toBeNull()
    expect(note(['198.51.100.20', '2001:db8::20'])).toBeNull()
    // As where DNS of a private network answers.
    expect(note(['10.0.0.5'])).toBeNull()
  })

  it('names the records that are missing, of addresses that others reach', () => {
    expect(note([])).toBe(
      'shop.example has no address in the DNS that this machine asks. No certificate can be had for it until it leads to main: shop.example. A 198.51.100.20, shop.example. AAAA 2001:db8::20',
    )
    const hidden = { name: 'main', addresses: ['10.0.0.5'] }
    expect(elsewhereOf('shop.example', [], hidden)!.records).toEqual([])
  })

  it('tells elsewhere from elsewhere too', () => {
    expect(note(['203.0.113.9'])).toMatch(
      /^shop\.example leads to 203\.0\.113\.9; .* until it leads to main\. Behind a proxy/,
    )
    expect(note(['198.51.100.20', '203.0.113.9'])).toMatch(
      /^shop\.example leads to 203\.0\.113\.9 too; .*\. The authority may ask there, and give no certificate\.$/,
    )
  })

  it('claims nothing where DNS did not answer', () => {
    expect(note(null)).toBe(
      'DNS did not answer for shop.example. Whether it leads to main is not known.',
    )
  })
})
