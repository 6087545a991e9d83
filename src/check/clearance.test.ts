import { describe, expect, it } from 'vitest'
import { configSchema } from '../config/schema.ts'
import { clearance } from './clearance.ts'

const config = (off: Record<string, string> = {}) =>
  configSchema.parse({ app: 'shop', servers: {}, environments: {}, check: { off } })
const told = (text: string, values: Record<string, string>, off?: Record<string, string>) =>
  clearance(config(off), 'production', [{ file: 'compose.yml', text }], values)

const line = '      SECRET_KEY: ${SECRET_KEY:-dev-secret}'

describe('clearance', () => {
  it('refuses a secret that would be deployed with its fallback, without telling it', () => {
    const problems = told(`a:\n${line}\n`, {})
    expect(problems).toMatchObject([
      {
        code: 'check/secret-fallback',
        place: { file: 'compose.yml', line: 2, column: 19 },
      },
    ])
    expect(JSON.stringify(problems)).not.toContain('dev-secret')
  })

  it.each([
    ['a value', line, { SECRET_KEY: 'k7Qw' }, {}],
    ['no secret', '      LOG_LEVEL: ${LOG_LEVEL:-info}', {}, {}],
    ['an empty fallback', '      API_KEY: ${API_KEY:-}', {}, {}],
    ['a comment', `# ${line}`, {}, {}],
    ['a dollar sign for the shell', '  command: echo $${SECRET_KEY:-dev}', {}, {}],
    ['a reason beside it', `${line} # zarpe: off secret-fallback because it is a demo`, {}, {}],
    ['a reason in zarpe.yml', line, {}, { 'secret-fallback': 'it is only a demo' }],
  ])('lets pass what has %s', (_name, text, values, off) =>
    expect(told(text, values as Record<string, string>, off as Record<string, string>)).toEqual([]),
  )

  it('is done at once, whatever a line holds', () => {
    const began = Date.now()
    expect(told(`  x: ${'${API_KEY:-'.repeat(2_000)}`, {})).toEqual([])
    expect(told(`  x: ${'${API_KEY:-'.repeat(20)}a}`, {})).toHaveLength(1)
    expect(Date.now() - began).toBeLessThan(2_000)
  })

  it('sees what follows an escaped dollar sign', () => {
    const problems = told('  command: echo $$${SECRET_KEY:-dev}', {})
    expect(problems).toMatchObject([{ place: { line: 1, column: 19 } }])
  })

  it('refuses an empty value, which counts as none', () => {
    expect(told(line, { SECRET_KEY: '' })).toHaveLength(1)
  })
})
