import { commandIn } from '../../../io/engine/command.ts'
import { readText, within, writeDurable } from '../../../io/host/files/durable.ts'
import type { PostgresContents } from '../../held.ts'
import type { Expectation } from '../../model.ts'
import type { Found } from './compare.ts'
import { createStatement } from './create-statement.ts'
import { workPath } from '../places.ts'
import { meets } from '../meets.ts'
import { rolesOnly } from './globals.ts'
import {
  countLargeObjects,
  countTables,
  listTables,
  readExtensions,
  readSequences,
  sortTables,
} from './look.run.ts'
import { schemaDigest } from './schema-text.ts'
import { type PostgresDoor, program, type SqlSession, withSession } from './session.run.ts'
import { quoted, readers, steadySettings, versionQuery } from './sql.ts'
import { schemaOnly } from './take.run.ts'

/** Makes the roles that the data needs and the server lacks, as the dump's globals describe them; no other is touched. */
export const restoreRoles = async (
  door: PostgresDoor,
  held: PostgresContents,
  database: string,
  folder: string,
) => {
  const missing = await missingRoles(door, held, database)
  if (missing.length === 0) return
  const globals = (await readText(within(folder, 'globals.sql'))) ?? ''
  await writeDurable(within(folder, 'roles.sql'), rolesOnly(globals, missing))
  // Some of it may fail, as a membership in a role that is not there; what counts is looked at after.
  await commandIn(door.engine, door.container, {
    argv: [
      'psql',
      '--no-psqlrc',
      '--quiet',
      `--dbname=${database}`,
      `--file=${workPath}/roles.sql`,
    ],
    user: door.user,
    env: door.env,
    signal: door.signal,
  })
  const left = await missingRoles(door, held, database)
  if (left.length === 0) return
  await withSession(door, database, async (session) => {
    for (const role of left) await session.run(`CREATE ROLE ${quoted(role)}`)
  })
}

const missingRoles = async (door: PostgresDoor, held: PostgresContents, database: string) => {
  return withSession(door, database, async (session) => {
    const there = await session.rows<{ name: string }>(
      'SELECT rolname AS name FROM pg_catalog.pg_roles',
    )
    const names = new Set(there.map(({ name }) => name))
    return [...new Set([...held.roles, held.owner])].filter((name) => !names.has(name))
  })
}

/** Makes an empty database that sorts and compares text as the one of the backup did. */
export const createDatabase = async (session: SqlSession, name: string, held: PostgresContents) => {
  const [row] = await session.rows<{ version: number }>(versionQuery)
  await session.run(createStatement(name, held, row!.version))
}

/** An empty database for a backup's data in a server that holds nothing else; answers its name. */
export const emptyDatabase = async (
  door: PostgresDoor,
  held: PostgresContents,
): Promise<string> => {
  // "postgres" is there already.
  const name = held.database === 'postgres' ? 'restored' : held.database
  await withSession(door, 'postgres', (session) => createDatabase(session, name, held))
  return name
}

/** Restores the dump of the work folder into an empty database. Anything it cannot do ends it. */
export const restoreDump = (door: PostgresDoor, database: string, jobs: number) =>
  program(door, [
    'pg_restore',
    '--exit-on-error',
    '--no-tablespaces',
    '--no-subscriptions',
    `--jobs=${jobs}`,
    `--dbname=${database}`,
    `${workPath}/dump`,
  ])

/**
 * Everything of a restored database that the manifest of the original speaks of, read by so many processes; its definitions
 * where they are to be compared.
 */
export const look = async (
  door: PostgresDoor,
  database: string,
  { jobs, schema }: { jobs: number; schema: boolean },
  note: (text: string) => void,
): Promise<Found> => {
  return withSession(door, database, async (session) => {
    await session.run(steadySettings)
    await session.run(readers(jobs))
    const { counted } = sortTables(await listTables(session))
    const tables = await countTables(session, counted, {
      onTable: (done, { schema, name }) =>
        note(`${done} of ${counted.length} tables compared, now ${schema}.${name}`),
    })
    return {
      tables,
      sequences: await readSequences(session),
      largeObjects: await countLargeObjects(session),
      extensions: await readExtensions(session),
      schemaSha256: schema
        ? schemaDigest(await program(door, [...schemaOnly, `--dbname=${database}`]))
        : null,
    }
  })
}

/** What the user expects of the data and is not so, one line each. */
export const unmet = async (
  door: PostgresDoor,
  database: string,
  expect: Expectation[],
): Promise<string[]> => {
  if (expect.length === 0) return []
  const ask = async (session: SqlSession) => {
    const lines: string[] = []
    for (const { what, query, is } of expect) {
      const [row] = await session.rows<Record<string, unknown>>(query)
      const answer = row ? Object.values(row)[0] : null
      if (!meets(answer, is)) lines.push(`expected of ${what}: ${is}; found: ${String(answer)}`)
    }
    return lines
  }
  return withSession(door, database, ask, 'database')
}
