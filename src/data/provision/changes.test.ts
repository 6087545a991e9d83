import { describe, expect, it } from 'vitest'
import { changesOf } from './changes.ts'
import type { ProvisionWanted } from './model.ts'
import { scramVerifier } from './scram.ts'
import { type ProvisionState, stateQuery } from './state.ts'

const salt = Buffer.alloc(16, 1)
const verifierOf = (password: string) => scramVerifier(password, salt)

const wanted: ProvisionWanted = {
  dataset: 'main',
  source: { from: 'service', service: 'db', database: null },
  extensions: ['citext', 'uuid-ossp'],
  owner: null,
  roles: [
    { name: 'reporter', password: 'read it', read: ['public', 'books'], write: [] },
    { name: 'app', password: 'write it', read: [], write: ['public'] },
  ],
}

const rights = (creator: string, role: string, schema: string, on: 'r' | 'S', all: string[]) =>
  all.map((right) => ({ creator, role, schema, on, right }))

/** A database that has all of it. */
const whole: ProvisionState = {
  user: 'postgres',
  version: 170_004,
  database: 'shop',
  owner: 'postgres',
  extensions: ['plpgsql', 'citext', 'uuid-ossp'],
  available: [],
  roles: [
    {
      name: 'reporter',
      login: true,
      super: false,
      verifier: scramVerifier('read it', Buffer.alloc(16, 9)),
    },
    { name: 'app', login: true, super: false, verifier: verifierOf('write it') },
  ],
  schemas: ['public', 'books'],
  lacking: [],
  refused: [],
  creators: [{ schema: 'public', name: 'postgres' }],
  defaults: [
    ...['public', 'books'].flatMap((schema) => [
      ...rights('postgres', 'reporter', schema, 'r', ['SELECT']),
      ...rights('postgres', 'reporter', schema, 'S', ['SELECT']),
    ]),
    ...rights('postgres', 'app', 'public', 'r', ['SELECT', 'INSERT', 'UPDATE', 'DELETE']),
    ...rights('postgres', 'app', 'public', 'S', ['USAGE', 'SELECT', 'UPDATE']),
  ],
}

const bare: ProvisionState = {
  ...whole,
  extensions: ['plpgsql'],
  roles: [],
  schemas: ['public'],
  defaults: [],
}

const all = { verifierOf, makeSchemas: true }
const wordsOf = (state: Partial<ProvisionState>, given = wanted, options = all) =>
  changesOf(given, { ...whole, ...state }, options).map(({ words }) => words)

describe('what a database lacks', () => {
  it('is nothing where all of it is there', () => {
    expect(wordsOf({})).toEqual([])
  })

  it('is everything where nothing is, in the order in which it can be made', () => {
    expect(wordsOf(bare)).toEqual([
      'role reporter',
      'role app',
      'extension citext',
      'extension uuid-ossp',
      'schema books',
      'reporter reads public',
      'reporter reads books',
      'app writes public',
    ])
  })

  it('leaves schemas and their rights to a migration that is still to come', () => {
    const words = wordsOf(bare, wanted, { ...all, makeSchemas: false })
    expect(words).not.toContain('schema books')
    expect(words).not.toContain('reporter reads books')
    expect(words).toContain('reporter reads public')
  })

  it.each<[string, Partial<ProvisionState>, string]>([
    ['a right', { lacking: [{ role: 'app', schema: 'public' }] }, 'app writes public'],
    ['a right on what will come', { defaults: whole.defaults.slice(1) }, 'reporter reads public'],
    [
      'a right on what another makes',
      { creators: [{ schema: 'books', name: 'bob' }] },
      'reporter reads books',
    ],
    ['the right to connect', { refused: ['app'] }, 'app connects'],
    [
      'a login',
      { roles: whole.roles.map((role) => ({ ...role, login: role.name !== 'app' })) },
      'login of app',
    ],
    [
      'a password',
      { roles: [{ ...whole.roles[0]!, verifier: null }, whole.roles[1]!] },
      'password of reporter',
    ],
  ])('is %s alone', (_what, state, words) => {
    expect(wordsOf(state)).toEqual([words])
  })

  it('is no right of a superuser, who has them all', () => {
    const roles = whole.roles.map((role) => ({ ...role, super: true }))
    expect(wordsOf({ roles, defaults: [] })).toEqual([])
  })

  it('is an owner, for whom those rights hold too', () => {
    const given = {
      ...wanted,
      owner: 'keeper',
      roles: [...wanted.roles, { name: 'keeper', password: 'k', read: [], write: [] }],
    }
    const changes = changesOf(given, whole, all)
    expect(changes.map(({ words }) => words)).toEqual([
      'role keeper',
      'owner keeper',
      'reporter reads public',
      'reporter reads books',
      'app writes public',
    ])
    expect(changes.at(-1)!.statements).toContain(
      'ALTER DEFAULT PRIVILEGES FOR ROLE "keeper" IN SCHEMA "public" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "app"',
    )
  })

  it('remembers what a password replaces', () => {
    const roles = [whole.roles[0]!, { ...whole.roles[1]!, verifier: 'the former' }]
    expect(changesOf(wanted, { ...whole, roles }, all)).toMatchObject([
      { replaces: { role: 'app', verifier: 'the former' } },
    ])
  })
})

describe('statements', () => {
  const hostile = `x"; DROP TABLE users; --\\'`
  const given: ProvisionWanted = {
    ...wanted,
    extensions: [hostile],
    owner: hostile,
    roles: [{ name: hostile, password: hostile, read: [], write: [hostile] }],
  }

  it('quote every name, whatever it holds', () => {
    const statements = changesOf(given, bare, all).flatMap((change) => change.statements)
    expect(statements.length).toBeGreaterThan(8)
    const name = `"${hostile.replaceAll('"', '""')}"`
    for (const statement of statements)
      expect(statement.replaceAll(name, 'NAME').replaceAll(/'SCRAM[^']*'/g, 'V')).not.toMatch(
        /["'\\;]x|DROP/,
      )
    expect(statements).toContain(`CREATE ROLE ${name}`)
    const literal = ` E'${hostile.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    expect(stateQuery(given).replaceAll(literal, 'TEXT')).not.toContain('DROP')
  })

  it('make an extension where the database’s own path leads, and nothing else', () => {
    const statements = changesOf(wanted, bare, all).flatMap((change) => change.statements)
    const at = statements.indexOf('CREATE EXTENSION IF NOT EXISTS "citext"')
    expect(statements[at - 1]).toBe('SET LOCAL search_path TO DEFAULT')
    expect(statements[at + 1]).toBe(`SET LOCAL search_path = ''`)
  })

  it('hold no password', () => {
    const statements = changesOf(wanted, bare, all).flatMap((change) => change.statements)
    expect(statements.join('\n')).not.toMatch(/read it|write it/)
    expect(statements).toContainEqual(
      expect.stringMatching(/^ALTER ROLE "app" LOGIN PASSWORD 'SCRAM-SHA-256\$/),
    )
  })
})
