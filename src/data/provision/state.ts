import { literal } from '../engines/postgres/sql.ts'
import type { ProvisionWanted, RoleWanted } from './model.ts'

/** What a database has of what is wanted, as one query tells. Verifiers of passwords stay on the server. */
export type ProvisionState = {
  /** Who asks. */
  user: string
  /** `server_version_num`. */
  version: number
  database: string
  owner: string
  extensions: string[]
  /** Extensions that the image brings. */
  available: string[]
  roles: { name: string; login: boolean; super: boolean; verifier: string | null }[]
  schemas: string[]
  /** Rights that a role lacks, and on how many relations. */
  lacking: { role: string; schema: string }[]
  /** Roles that may not connect. */
  refused: string[]
  /** Who has made relations in a schema. */
  creators: { schema: string; name: string }[]
  /** Rights that what a creator makes will come with. */
  defaults: { creator: string; schema: string; on: 'r' | 'S'; role: string; right: string }[]
}

/** Rights on what a schema holds. */
export type Rights = { tables: string[]; sequences: string[] }

const reading: Rights = { tables: ['SELECT'], sequences: ['SELECT'] }
const writing: Rights = {
  tables: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  sequences: ['USAGE', 'SELECT', 'UPDATE'],
}

/** What each role may do, schema by schema. Whoever writes reads too. */
export const rightsOf = ({ read, write }: RoleWanted) => [
  ...[...new Set(write)].map((schema) => ({ schema, verb: 'writes', rights: writing })),
  ...[...new Set(read)]
    .filter((schema) => !write.includes(schema))
    .map((schema) => ({ schema, verb: 'reads', rights: reading })),
]

export const schemasOf = ({ roles }: Pick<ProvisionWanted, 'roles'>): string[] => [
  ...new Set(roles.flatMap((role) => rightsOf(role).map(({ schema }) => schema))),
]

const list = (names: string[]) => `ARRAY[${names.map(literal).join(', ')}]::text[]`

/** One row for each right: of a role, in a schema, on `n` the schema itself, `r` its tables, `S` its sequences. */
const rightRows = ({ roles }: ProvisionWanted): string => {
  const rows = roles.flatMap((role) =>
    rightsOf(role).flatMap(({ schema, rights }) =>
      [
        ['n', 'USAGE'],
        ...rights.tables.map((right) => ['r', right]),
        ...rights.sequences.map((right) => ['S', right]),
      ].map((each) => `(${[role.name, schema, ...each].map(literal).join(', ')})`),
    ),
  )
  // With nothing wanted it is still a table, of no row.
  return `(SELECT * FROM (VALUES ${rows.length > 0 ? rows.join(', ') : `('', '', '', '')`})
    AS every(role, schema, kind, privilege) WHERE role <> '')`
}

const relation = `c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')`

/** Asks for a `ProvisionState`. Reads verifiers, so only a superuser may. */
export const stateQuery = (wanted: ProvisionWanted): string => {
  const roles = list(wanted.roles.map(({ name }) => name))
  const schemas = list(schemasOf(wanted))
  const all = (what: string, from: string) =>
    `(SELECT coalesce(json_agg(${what}), '[]'::json) FROM ${from})`
  return `SELECT current_user AS "user", pg_catalog.current_setting('server_version_num')::int AS version, current_database() AS database,
  (SELECT pg_catalog.pg_get_userbyid(datdba) FROM pg_catalog.pg_database WHERE datname = current_database()) AS owner,
  ${all('extname', 'pg_catalog.pg_extension')} AS extensions,
  ${all('name', `pg_catalog.pg_available_extensions WHERE name = ANY(${list(wanted.extensions)})`)} AS available,
  ${all(
    `json_build_object('name', rolname, 'login', rolcanlogin, 'super', rolsuper, 'verifier', rolpassword)`,
    `pg_catalog.pg_authid WHERE rolname = ANY(${roles})`,
  )} AS roles,
  ${all('nspname', `pg_catalog.pg_namespace WHERE nspname = ANY(${schemas})`)} AS schemas,
  ${all('rolname', `pg_catalog.pg_roles WHERE rolname = ANY(${roles}) AND NOT has_database_privilege(oid, current_database(), 'CONNECT')`)} AS refused,
  ${all(
    "DISTINCT jsonb_build_object('role', w.role, 'schema', w.schema)",
    `${rightRows(wanted)} AS w
    JOIN pg_catalog.pg_roles r ON r.rolname = w.role JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
    WHERE CASE w.kind WHEN 'n' THEN NOT has_schema_privilege(r.oid, n.oid, w.privilege)
      ELSE EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND CASE
        WHEN w.kind = 'S' THEN c.relkind = 'S' AND NOT has_sequence_privilege(r.oid, CASE c.relkind WHEN 'S' THEN c.oid END, w.privilege)
        ELSE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT has_table_privilege(r.oid, c.oid, w.privilege) END) END`,
  )} AS lacking,
  ${all(
    `DISTINCT jsonb_build_object('schema', n.nspname, 'name', pg_catalog.pg_get_userbyid(c.relowner))`,
    `pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY(${schemas}) AND ${relation}
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
      AND d.objid = c.oid AND d.deptype = 'e')`,
  )} AS creators,
  ${all(
    `json_build_object('creator', pg_catalog.pg_get_userbyid(d.defaclrole), 'schema', n.nspname, 'on', d.defaclobjtype,
      'role', r.rolname, 'right', a.privilege_type)`,
    `pg_catalog.pg_default_acl d JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace,
    pg_catalog.aclexplode(d.defaclacl) a JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
    WHERE n.nspname = ANY(${schemas}) AND r.rolname = ANY(${roles})`,
  )} AS defaults`
}
