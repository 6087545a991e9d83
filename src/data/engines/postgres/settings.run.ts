import type { SqlSession } from './session.run.ts'
import { type Grant, grantStatement, type Setting, settingStatement } from './settings.ts'
import { literal, quoted } from './sql.ts'

/** Gives a database the settings and rights that another one has, which no dump of a database holds. */
export const copySettings = async (session: SqlSession, from: string, to: string) => {
  const settings = await session.rows<Setting>(
    `SELECT r.rolname AS role, unnest(s.setconfig) AS setting
FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole WHERE d.datname = ${literal(from)}`,
  )
  for (const each of settings) await session.run(settingStatement(each, to))
  const grants = await session.rows<Grant>(
    `SELECT r.rolname AS grantee, acl.privilege_type AS privilege, acl.is_grantable AS grantable
FROM pg_catalog.pg_database d, pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) acl
LEFT JOIN pg_catalog.pg_roles r ON r.oid = acl.grantee WHERE d.datname = ${literal(from)}`,
  )
  await session.run(`REVOKE ALL ON DATABASE ${quoted(to)} FROM PUBLIC`)
  for (const each of grants) await session.run(grantStatement(each, to))
}
