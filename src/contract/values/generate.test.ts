import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkContract } from '../check.ts'
import { generateValues } from './generate.ts'
import { parseContract } from '../syntax/parse.ts'

const schema = [
  '# @required @type=zarpe_secret',
  'SECRET_KEY=',
  '# @required @type=zarpe_fernet',
  'TOTP_KEY=',
  '# @type=zarpe_password',
  'OPTIONAL_PASSWORD=',
  '# @required @type=url',
  'API_URL=',
].join('\n')
const { contract } = parseContract('.env.schema', schema)
const generate = (values: Record<string, string>, names: string[] = []) =>
  generateValues(contract, values, 'production', names, randomBytes)

describe('generateValues', () => {
  it('makes what is required and missing, so that the contract is content', () => {
    const { values, left, optional, problems } = generate({ SECRET_KEY: '' })
    expect(problems).toEqual([])
    expect(Object.keys(values)).toEqual(['SECRET_KEY', 'TOTP_KEY'])
    expect(left.map(({ name }) => name)).toEqual(['API_URL'])
    expect(optional).toEqual(['OPTIONAL_PASSWORD'])
    const context = { environment: 'production', file: '', places: {}, routes: [], services: null }
    const all = { ...values, API_URL: 'https://shop.example' }
    expect(checkContract(contract, all, context)).toEqual([])
  })

  it('makes another value each time', () => {
    expect(generate({}).values['TOTP_KEY']).not.toBe(generate({}).values['TOTP_KEY'])
  })

  it('makes what is named, also an optional one', () => {
    expect(Object.keys(generate({}, ['OPTIONAL_PASSWORD']).values)).toEqual(['OPTIONAL_PASSWORD'])
  })

  it('replaces no value, even a bad one, and tells each name that it cannot serve', () => {
    const { values, problems } = generate({ SECRET_KEY: 'x' }, ['SECRET_KEY', 'API_URL', 'NOPE'])
    expect(values).toEqual({})
    expect(problems.map(({ code }) => code)).toEqual([
      'contract/undeclared',
      'contract/has-value',
      'contract/no-generator',
    ])
  })
})
