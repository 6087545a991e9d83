import type { MysqlSession } from './session.run.ts'
import { quoted, userStatements } from './sql.ts'

/** Accounts that each server makes for itself, with secrets of its own. */
const own = `('mysql.sys', 'mysql.session', 'mysql.infoschema', 'mariadb.sys', 'healthcheck', '')`

/** A server that resolves no names passes over accounts of hosts by name, and does not even show them. */
const isKnown = `(@@skip_name_resolve = 0 OR host = 'localhost' OR host RLIKE '[.:%]')`

/** Statements that make every account and its rights anew, with passwords as the server keeps them. */
export const readUsers = async (session: MysqlSession): Promise<string> => {
  const accounts = await session.rows(
    `SELECT user, host FROM mysql.user WHERE user NOT IN ${own} AND ${isKnown} ORDER BY user, host`,
  )
  const statements: string[] = []
  for (const [user, host] of accounts) {
    // A role of MariaDB has no host.
    if (!host) continue
    const account = `${quoted(user ?? '')}@${quoted(host)}`
    const [created] = await session.rows(`SHOW CREATE USER ${account}`)
    const grants = await session.rows(`SHOW GRANTS FOR ${account}`)
    statements.push(
      ...userStatements(
        account,
        created?.[0] ?? '',
        grants.map(([grant]) => grant ?? ''),
      ),
    )
  }
  return `${[...statements, 'FLUSH PRIVILEGES'].join(';\n')};\n`
}
