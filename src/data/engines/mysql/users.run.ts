import type { MysqlSession } from './session.run.ts'
import {
  type Account,
  creationOf,
  heldRoles,
  heldRolesQuery,
  quoted,
  tableOfGrant,
  userStatements,
} from './sql.ts'

/** Accounts that each server makes for itself, with secrets of its own. */
const own = `('mysql.sys', 'mysql.session', 'mysql.infoschema', 'mariadb.sys', '')`

/** The image of MariaDB makes it anew; MySQL has nobody of that name. */
const notOfImage = `(user <> 'healthcheck' OR VERSION() NOT LIKE '%MariaDB%')`

/** A server that resolves no names passes over accounts of hosts by name, and does not even show them. */
const isKnown = `(@@skip_name_resolve = 0 OR host IN ('', 'localhost') OR host RLIKE '[.:%]')`

/** Verifiers of MySQL are bytes of any kind; MariaDB, which has none such, passes over what is for MySQL 8. */
const asHex = 'SET @zarpe = 0 /*!80017 , SESSION print_identified_with_as_hex = ON */'

const accountsQuery = `SELECT user, host FROM mysql.user WHERE user NOT IN ${own} AND ${notOfImage} AND ${isKnown} ORDER BY user, host`

const namesQuery = 'SELECT table_schema, table_name FROM information_schema.tables'

/**
 * Makes the accounts of a backup the only ones of a new server, which its image has given others: a root that logs in from
 * anywhere, without a password. The session is there before its own account goes.
 */
export const removeOthers = async (session: MysqlSession, statements: string): Promise<void> => {
  const lines = new Set(statements.split(';\n'))
  for (const [user, host] of await session.rows(accountsQuery)) {
    const account = `${quoted(user!)}@${quoted(host!)}`
    // A role of MariaDB has no host, and no image makes one.
    if (host !== '' && !lines.has(creationOf(account))) await session.run(`DROP USER ${account}`)
  }
}

/** Statements that make every account and its rights anew, with passwords as the server keeps them. */
export const readUsers = async (session: MysqlSession): Promise<string> => {
  await session.run(asHex)
  const isMariadb = /mariadb/i.test((await session.rows('SELECT VERSION()'))[0]?.[0] ?? '')
  const found = await session.rows(accountsQuery)
  const there = new Set(
    (await session.rows(namesQuery)).map(([schema, name]) => `${schema}.${name}`),
  )
  // A right on a table outlives it, and cannot be given without it.
  const isOnWhatIs = (grant: string) => {
    const table = tableOfGrant(grant)
    return table === null || there.has(`${table.schema}.${table.name}`)
  }
  const accounts: Account[] = []
  for (const [user, host] of found) {
    const account = await read(session, user!, host!, isMariadb)
    accounts.push({ ...account, grants: account.grants.filter(isOnWhatIs) })
  }
  const held = isMariadb ? heldRoles(await session.rows(heldRolesQuery)) : []
  return `${[...userStatements(accounts), ...held, 'FLUSH PRIVILEGES'].join(';\n')};\n`
}

const read = async (
  session: MysqlSession,
  user: string,
  host: string,
  isMariadb: boolean,
): Promise<Account> => {
  // A role of MariaDB has no host.
  const isRole = isMariadb && host === ''
  const account = isRole ? quoted(user) : `${quoted(user)}@${quoted(host)}`
  const created = isRole
    ? `CREATE ROLE IF NOT EXISTS ${account}`
    : ((await session.rows(`SHOW CREATE USER ${account}`))[0]?.[0] ?? '')
  const grants = await session.rows(`SHOW GRANTS FOR ${account}`)
  return { account, created, grants: grants.map(([grant]) => grant ?? '') }
}
