import { describe, expect, it } from 'vitest'
import { problemLines } from './render.ts'

const plain = (text: string) => text
const paint = { bad: plain, dim: plain, bold: plain }

describe('problemLines', () => {
  it('says where, what, why, the evidence, and what helps', () => {
    const lines = problemLines(
      {
        code: 'release/not-healthy',
        summary: 'A service did not become healthy.',
        detail: 'Its health check exits 7.',
        place: { file: 'compose.yml', line: 3, column: 5 },
        fix: ['zarpe logs web', 'zarpe deploy'],
        evidence: ['listen EADDRINUSE'],
      },
      paint,
    )
    expect(lines).toEqual([
      '✗ compose.yml:3:5: A service did not become healthy. [release/not-healthy]',
      '  Its health check exits 7.',
      '  │ listen EADDRINUSE',
      '  → zarpe logs web',
      '  → zarpe deploy',
    ])
  })

  it('needs no more than what and why', () => {
    expect(problemLines({ code: 'a/b', summary: 'S.', detail: 'D.', fix: [] }, paint)).toEqual([
      '✗ S. [a/b]',
      '  D.',
    ])
  })

  it('lets no program that was run speak to the terminal', () => {
    const lines = problemLines(
      {
        code: 'a/b',
        summary: 'S.',
        detail: 'D\u001b[2J.',
        fix: [],
        evidence: ['\u001b]0;title\u0007red\u001b[31m\ttab', 'a\rb\u009b1m'],
      },
      paint,
    )
    expect(lines.slice(1)).toEqual(['  D.', '  │ red\ttab', '  │ a b'])
  })
})
