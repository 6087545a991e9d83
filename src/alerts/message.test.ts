import { describe, expect, it } from 'vitest'
import { bodyOf, postOf, subjectOf } from './message.ts'
import type { Letter } from './model.ts'

const since = '2026-01-01T03:00:10.000Z'
const missed = { key: 'data/main/missed', text: 'data main: a backup was missed', since }
const letter: Letter = {
  project: 'shop-production',
  server: 'vps1',
  at: '2026-01-01T03:05:00.000Z',
  test: false,
  began: [missed],
  still: [],
  over: [],
}

describe('a letter', () => {
  it('says in one line what is wrong, or how much is', () => {
    expect(subjectOf(letter)).toBe('✗ shop-production on vps1: data main: a backup was missed')
    expect(subjectOf({ ...letter, still: [missed] })).toBe('✗ shop-production on vps1: 2 things')
    expect(subjectOf({ ...letter, began: [], over: [missed] })).toBe(
      '✓ shop-production on vps1: over: data main: a backup was missed',
    )
  })

  it('lists what began, what is still so and what is over, with since when', () => {
    expect(bodyOf({ ...letter, over: [{ ...missed, text: 'something else' }] })).toBe(
      [
        'shop-production on vps1, 2026-01-01 03:05 UTC',
        'New:',
        '  ✗ data main: a backup was missed (since 2026-01-01 03:00 UTC)',
        'Over:',
        '  ✓ something else (since 2026-01-01 03:00 UTC)',
        'zarpe status and zarpe backup list tell more.',
      ].join('\n'),
    )
  })

  it('keeps a text that holds more than a line, or is endless, in its line', () => {
    const hostile = { ...missed, text: `a\r\nBcc: x@shop.example\u2028${'b'.repeat(9_999)}` }
    const subject = subjectOf({ ...letter, began: [hostile] })
    expect(subject).toContain('a Bcc: x@shop.example bbb')
    expect(subject.length).toBeLessThan(500)
    expect(bodyOf({ ...letter, began: [hostile] }).split('\n')).toHaveLength(4)
  })
})

describe('what is posted', () => {
  const parsed = (body: string) => JSON.parse(body) as Record<string, unknown>
  const hostile = { ...letter, began: [{ ...missed, text: '<!channel> @everyone & more' }] }

  it('makes no mention and no link of a text in Slack', () => {
    const { body } = postOf('slack', hostile)
    expect(parsed(body)['text']).toContain('&lt;!channel&gt; @everyone &amp; more')
  })

  it('mentions nobody in Discord, and stays within what it takes', () => {
    const began = Array.from({ length: 99 }, () => missed)
    const { body } = postOf('discord', { ...letter, began })
    expect(parsed(body)['allowed_mentions']).toEqual({ parse: [] })
    expect(String(parsed(body)['content'])).toHaveLength(2_000)
  })

  it('has headers of ASCII for ntfy, and is urgent only while something is wrong', () => {
    const { headers } = postOf('ntfy', { ...letter, project: 'café' })
    expect(headers['title']).toMatch(/^[\x20-\x7e]+$/)
    expect(headers['priority']).toBe('high')
    const over = { ...letter, began: [], over: [missed] }
    expect(postOf('ntfy', over).headers['priority']).toBe('default')
  })

  it('is all of it for a webhook', () => {
    const { body } = postOf('webhook', letter)
    expect(parsed(body)).toMatchObject({ ...letter, text: bodyOf(letter) })
  })
})
