import { describe, expect, it } from 'vitest'
import { countOf, type Judged, reportOf } from './judge.ts'
import { reportLines } from './report/render.ts'
import { rules } from './rules.ts'

const plain = (text: string) => text
const paint = { good: plain, bad: plain, dim: plain, bold: plain }
const rule = (id: string) => rules.find((each) => each.id === id)!
const judged = (id: string, line: number, detail = 'Here.'): Judged => ({
  rule: rule(id),
  detail,
  place: { file: 'compose.yml', line, column: 3 },
})
const nothing = { problems: [], notes: [] }
const lines = (all: Judged[], found: Parameters<typeof reportOf>[2] = nothing) =>
  reportLines(reportOf(all, [], found), paint)

describe('a report', () => {
  it('says so when nothing is found', () => {
    expect(lines([])).toEqual(['✓ nothing found'])
  })

  it('tells each rule once, errors first, with every place and what to do', () => {
    expect(
      lines([
        judged('published-port', 9),
        judged('no-memory-limit', 2, 'Service "web" has no limit.'),
        judged('no-memory-limit', 4, 'Service "db" has no limit.'),
        { ...judged('secret-fallback', 5, '`KEY` is known.'), fix: ['Write ${KEY:?}'] },
      ]),
    ).toEqual([
      '✗ A secret has a fallback value. [error: secret-fallback]',
      '  compose.yml:5:3: `KEY` is known.',
      `  Why: ${rule('secret-fallback').why}`,
      '  → Write ${KEY:?}',
      '',
      '! A service may take all the memory of the server. [warning: no-memory-limit]',
      '  compose.yml:2:3: Service "web" has no limit.',
      '  compose.yml:4:3: Service "db" has no limit.',
      `  Why: ${rule('no-memory-limit').why}`,
      `  → ${rule('no-memory-limit').fix[0]}`,
      '',
      '· The Compose file publishes a port to the whole world. [advice: published-port]',
      '  compose.yml:9:3: Here.',
      `  Why: ${rule('published-port').why}`,
      ...rule('published-port').fix.map((line) => `  → ${line}`),
      '',
      '✗ 1 error, 2 warnings, 1 piece of advice',
    ])
  })

  it('tells once what several environments share, and counts problems as errors', () => {
    const problem = { code: 'config/invalid', summary: 'A.', detail: 'B.', fix: [] }
    const report = reportOf([judged('root-user', 2), judged('root-user', 2)], [], {
      problems: [problem],
      notes: [],
    })
    expect([countOf(report, 'error'), countOf(report, 'warning')]).toEqual([1, 1])
  })

  it('names no more than twelve places, and counts the rest', () => {
    const many = Array.from({ length: 15 }, (_, index) => judged('no-memory-limit', index + 1))
    expect(lines(many).filter((line) => line.startsWith('  compose.yml'))).toHaveLength(12)
    expect(lines(many)).toContain('  … and 3 more; --json lists them all')
  })

  it('lets nothing that a file says move the cursor', () => {
    const escape = String.fromCodePoint(27)
    expect(lines([judged('root-user', 1, `a${escape}[2Jb`)]).join('')).not.toContain(escape)
  })
})
