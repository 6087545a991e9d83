import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Report } from '../judge.ts'
import { rules } from '../rules.ts'
import { sarifOf } from './sarif.ts'

// What the specification (SARIF 2.1.0) says of the parts that are written; nothing else may be in them.
const message = z.strictObject({ text: z.string().min(1) })
const level = z.enum(['none', 'note', 'warning', 'error'])
const result = z.strictObject({
  ruleId: z.string(),
  ruleIndex: z.int().min(0),
  level,
  message,
  locations: z
    .array(
      z.strictObject({
        physicalLocation: z.strictObject({
          artifactLocation: z.strictObject({
            uri: z.string().regex(/^[^/\s\\][^\s\\]*$/),
            uriBaseId: z.string(),
          }),
          region: z.strictObject({ startLine: z.int().min(1), startColumn: z.int().min(1) }),
        }),
      }),
    )
    .length(1),
  partialFingerprints: z.record(z.string(), z.string()),
  suppressions: z
    .array(
      z.strictObject({
        kind: z.enum(['inSource', 'external']),
        status: z.enum(['accepted', 'underReview', 'rejected']),
        justification: z.string(),
      }),
    )
    .optional(),
})
const log = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string(),
          semanticVersion: z.string(),
          rules: z.array(
            z.strictObject({
              id: z.string(),
              shortDescription: message,
              fullDescription: message,
              help: message,
              defaultConfiguration: z.strictObject({ level }),
            }),
          ),
        }),
      }),
      columnKind: z.literal('utf16CodeUnits'),
      results: z.array(result),
    }),
  ]),
})

const rule = rules.find(({ id }) => id === 'root-user')!
const place = { file: 'a b/Dockerfile', line: 3, column: 1 }
const report: Report = {
  problems: [{ code: 'config/invalid', summary: 'A value.', detail: 'It is.', fix: ['Mend it.'] }],
  findings: [{ rule, place, detail: 'The image of web names no USER.' }],
  off: [{ rule, place, detail: 'The image of db names no USER.', reason: 'it binds port 443' }],
  notes: [],
}
const written = (prefix = '') => log.parse(sarifOf(report, rules, { version: '1.2.3', prefix }))

describe('sarifOf', () => {
  it('is as the specification wants it, with every rule', () => {
    const { tool } = written().runs[0]
    expect(tool.driver.rules.map(({ id }) => id)).toEqual([
      ...rules.map(({ id }) => id),
      'config/invalid',
    ])
  })

  it('has problems, findings, and what is off with the reason', () => {
    const { results, tool } = written().runs[0]
    expect(results.map(({ ruleId, level: each }) => [ruleId, each])).toEqual([
      ['config/invalid', 'error'],
      ['root-user', 'warning'],
      ['root-user', 'warning'],
    ])
    for (const { ruleId, ruleIndex } of results)
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
    expect(results.map(({ suppressions }) => suppressions?.[0]?.justification)).toEqual([
      undefined,
      undefined,
      'it binds port 443',
    ])
    expect(results[0]!.locations[0]!.physicalLocation.artifactLocation.uri).toBe('zarpe.yml')
    expect(results[1]!.message.text).toContain('names no USER')
    expect(results[1]!.message.text).toContain('→')
  })

  it('counts paths from the top of the repository, as an address', () => {
    const { results } = written('apps/shop/').runs[0]
    expect(results[1]!.locations[0]!.physicalLocation.artifactLocation.uri).toBe(
      'apps/shop/a%20b/Dockerfile',
    )
  })

  it('takes # and ? in a name for parts of it', () => {
    const { results } = written('a#1/b?/').runs[0]
    expect(results[1]!.locations[0]!.physicalLocation.artifactLocation.uri).toBe(
      'a%231/b%3F/a%20b/Dockerfile',
    )
  })

  it('knows a finding again when lines are added above it', () => {
    const moved = sarifOf(
      { ...report, findings: [{ ...report.findings[0]!, place: { ...place, line: 9 } }] },
      rules,
      { version: '1.2.3', prefix: '' },
    )
    const prints = (each: ReturnType<typeof written>) =>
      each.runs[0].results.map(({ partialFingerprints }) => partialFingerprints)
    expect(prints(log.parse(moved))).toEqual(prints(written()))
    const [, finding, off] = prints(written())
    expect(finding).not.toEqual(off)
  })
})
