import { describe, expect, it } from 'vitest'
import { journalArguments, parseEntry } from './journal.ts'
import { query } from './example.model.ts'

describe('journalArguments', () => {
  it('asks for one project only', () => {
    expect(journalArguments(query)).toEqual([
      '--output=json',
      '--all',
      '--no-pager',
      '--quiet',
      '--lines=200',
      'ZARPE_PROJECT=shop-production',
    ])
  })

  it('lets no text become an option or another field', () => {
    const hostile = ['-f', '--file=/etc/shadow', '+', '_UID=0', '$(touch /tmp/canary)', 'a\nb']
    for (const text of hostile) {
      const argv = journalArguments({
        ...query,
        service: text,
        grep: text,
        sinceMs: 1_700_000_000_999,
        release: 3,
        follow: true,
      })
      expect(argv.slice(4)).toEqual([
        '--lines=200',
        '--follow',
        '--since=@1700000000',
        `--grep=${text}`,
        'ZARPE_PROJECT=shop-production',
        `ZARPE_SERVICE=${text}`,
        'ZARPE_RELEASE=3',
      ])
    }
  })

  it('asks for the newest first where a pattern is looked for, unless it follows', () => {
    expect(journalArguments({ ...query, grep: 'x' })).toContain('--reverse')
    expect(journalArguments({ ...query, grep: 'x', follow: true })).not.toContain('--reverse')
  })
})

describe('parseEntry', () => {
  const line = (entry: object) =>
    parseEntry(
      JSON.stringify({
        __REALTIME_TIMESTAMP: '1700000000123456',
        ZARPE_SERVICE: 'web',
        ZARPE_RELEASE: '3',
        CONTAINER_ID: 'abc',
        ...entry,
      }),
    )

  it('reads a line as journalctl prints it', () => {
    expect(line({ MESSAGE: 'hello' })).toEqual({
      at: '2023-11-14T22:13:20.123Z',
      service: 'web',
      release: '3',
      container: 'abc',
      text: 'hello',
    })
  })

  it('reads bytes that are no text', () =>
    expect(line({ MESSAGE: [104, 105, 27] })?.text).toBe('hi\u001b'))
  it('shows a long line whole', () => {
    const text = 'x'.repeat(5 * 1024)
    expect(line({ MESSAGE: text })?.text).toBe(text)
  })
  it('cuts a line without end', () =>
    expect(line({ MESSAGE: 'x'.repeat(100_000) })?.text.length).toBeLessThan(70_000))
  it('passes over what holds no message', () => {
    expect(line({ MESSAGE: null })).toBeNull()
    expect(parseEntry('{"MESSAGE": "half')).toBeNull()
    expect(parseEntry('')).toBeNull()
    expect(parseEntry('null')).toBeNull()
  })
})
