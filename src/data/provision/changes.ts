import { literal, quoted } from '../engines/postgres/sql.ts'
import type { ProvisionWanted, RoleWanted } from './model.ts'
import { isVerifierOf } from './scram.ts'
import { type ProvisionState, type Rights, rightsOf, schemasOf } from './state.ts'

/** One thing that a database lacks: in words for people, and as the statements that mend it. */
export type Change = {
  words: string
  statements: string[]
  /** The role whose password is replaced, with the verifier that it had. */
  replaces?: { role: string; verifier: string | null }
}

export type ChangeOptions = {
  verifierOf: (password: string) => string
  /** Whether schemas that are not there are made, or left for a migration that is still to come. */
  makeSchemas: boolean
}

/**
 * Everything that is wanted and not there, in the order in which it can be made. Nothing is taken away: what a
 * role may do beyond what is wanted stays. Running the statements twice is the same as running them once.
 */
export const changesOf = (
  wanted: ProvisionWanted,
  state: ProvisionState,
  options: ChangeOptions,
): Change[] => {
  const schemas = schemasOf(wanted).filter((name) => !state.schemas.includes(name))
  return [
    ...wanted.roles.flatMap((role) => roleChanges(role, state, options)),
    ...ownerChange(wanted, state),
    ...wanted.extensions
      .filter((name) => !state.extensions.includes(name))
      .map((name) => ({
        words: `extension ${name}`,
        statements: [
          // It goes where the database's own path leads first; all else is called with none.
          'SET LOCAL search_path TO DEFAULT',
          `CREATE EXTENSION IF NOT EXISTS ${quoted(name)}`,
          `SET LOCAL search_path = ''`,
        ],
      })),
    ...(options.makeSchemas ? schemas : []).map((name) => ({
      words: `schema ${name}`,
      statements: [
        `CREATE SCHEMA IF NOT EXISTS ${quoted(name)} AUTHORIZATION ${quoted(wanted.owner ?? state.owner)}`,
      ],
    })),
    ...wanted.roles.flatMap((role) =>
      rightsChanges(wanted, role, state, options.makeSchemas ? [] : schemas),
    ),
  ]
}

const roleChanges = (
  { name, password }: RoleWanted,
  { roles, refused, database }: ProvisionState,
  { verifierOf }: ChangeOptions,
): Change[] => {
  const there = roles.find((each) => each.name === name)
  const alter = `ALTER ROLE ${quoted(name)} LOGIN`
  const setPassword = () => `${alter} PASSWORD ${literal(verifierOf(password))}`
  const connect = `GRANT CONNECT ON DATABASE ${quoted(database)} TO ${quoted(name)}`
  if (!there)
    return [
      {
        words: `role ${name}`,
        statements: [`CREATE ROLE ${quoted(name)}`, setPassword(), connect],
      },
    ]
  const isSame = isVerifierOf(there.verifier, password)
  return [
    ...(there.login ? [] : [{ words: `login of ${name}`, statements: [alter] }]),
    ...(isSame
      ? []
      : [
          {
            words: `password of ${name}`,
            statements: [setPassword()],
            replaces: { role: name, verifier: there.verifier },
          },
        ]),
    ...(refused.includes(name) ? [{ words: `${name} connects`, statements: [connect] }] : []),
  ]
}

const ownerChange = ({ owner }: ProvisionWanted, state: ProvisionState): Change[] =>
  owner === null || owner === state.owner
    ? []
    : [
        {
          words: `owner ${owner}`,
          statements: [`ALTER DATABASE ${quoted(state.database)} OWNER TO ${quoted(owner)}`],
        },
      ]

/** Rights on what is there, and on what those who make things there will make. */
const rightsChanges = (
  wanted: ProvisionWanted,
  role: RoleWanted,
  state: ProvisionState,
  left: string[],
): Change[] => {
  // Whatever a superuser is granted, it could do before.
  if (state.roles.some(({ name, super: isSuper }) => name === role.name && isSuper)) return []
  return rightsOf(role)
    .filter(({ schema }) => !left.includes(schema))
    .flatMap(({ schema, verb, rights }) => {
      const isNew =
        !state.schemas.includes(schema) || !state.roles.some(({ name }) => name === role.name)
      const lacks = state.lacking.some((each) => each.role === role.name && each.schema === schema)
      const creators = creatorsOf(wanted, state, schema).filter((name) => name !== role.name)
      const later = creators.filter((creator) => !hasDefaults(state, creator, role, schema, rights))
      if (!isNew && !lacks && later.length === 0) return []
      return [
        {
          words: `${role.name} ${verb} ${schema}`,
          statements: [
            ...grants(role.name, schema, rights),
            ...later.flatMap((creator) => defaultGrants(creator, role.name, schema, rights)),
          ],
        },
      ]
    })
}

const creatorsOf = (wanted: ProvisionWanted, state: ProvisionState, schema: string): string[] => {
  const owners = state.creators.filter((each) => each.schema === schema).map(({ name }) => name)
  return [...new Set([state.user, wanted.owner ?? state.owner, ...owners])]
}

const hasDefaults = (
  { defaults }: ProvisionState,
  creator: string,
  role: RoleWanted,
  schema: string,
  { tables, sequences }: Rights,
) => {
  const own = defaults.filter(
    (each) => each.creator === creator && each.role === role.name && each.schema === schema,
  )
  const has = (on: 'r' | 'S', right: string) =>
    own.some((each) => each.on === on && each.right === right)
  return tables.every((right) => has('r', right)) && sequences.every((right) => has('S', right))
}

const grants = (role: string, schema: string, { tables, sequences }: Rights) => [
  `GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${quoted(role)}`,
  `GRANT ${tables.join(', ')} ON ALL TABLES IN SCHEMA ${quoted(schema)} TO ${quoted(role)}`,
  `GRANT ${sequences.join(', ')} ON ALL SEQUENCES IN SCHEMA ${quoted(schema)} TO ${quoted(role)}`,
]

const defaultGrants = (
  creator: string,
  role: string,
  schema: string,
  { tables, sequences }: Rights,
) => {
  const begin = `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoted(creator)} IN SCHEMA ${quoted(schema)} GRANT`
  return [
    `${begin} ${tables.join(', ')} ON TABLES TO ${quoted(role)}`,
    `${begin} ${sequences.join(', ')} ON SEQUENCES TO ${quoted(role)}`,
  ]
}
