import { randomBytes } from 'node:crypto'
import { exitCodeOf, startCommand } from '../../../io/engine/command.ts'
import type { Expectation, MysqlDataset } from '../../model.ts'
import type { DataContext } from '../../engine.ts'
import { Problem } from '../../../problem/problem.ts'
import { type Client, clientFailed, runClient, withClient } from '../client.run.ts'
import { passwordPath } from '../places.ts'
import { meets } from '../meets.ts'
import { readOutput } from '../output.run.ts'
import { type LiveService, liveService } from '../service.run.ts'
import { variablesOf } from '../variables.run.ts'
import { optionFile, passwordVariables, rootPassword } from './connection.ts'
import { quoted, schemasQuery, steadySettings, unescaped } from './sql.ts'

/** A container with the client programs, and how they reach a server. */
export type MysqlDoor = { client: Client; options: string[] }

/** A session that stays open, so that a transaction or a lock can. */
export type MysqlSession = {
  run: (sql: string) => Promise<void>
  /** The fields of each row, as text. */
  rows: (query: string) => Promise<(string | null)[][]>
  close: () => Promise<void>
}

/** MariaDB has given its programs names of their own, and from 11 on no others. */
const either = (name: string, other: string) =>
  `if command -v ${name} > /dev/null; then exec ${name} "$@"; else exec ${other} "$@"; fi`

const clientScript = either('mariadb', 'mysql')
export const dumpScript = either('mariadb-dump', 'mysqldump')

/** The client programs beside the live server, for as long as `act` takes. */
export const withLive = async <Result>(
  dataset: MysqlDataset,
  context: DataContext,
  act: (door: MysqlDoor, service: LiveService) => Promise<Result>,
): Promise<Result> => {
  const service = await liveService(context, dataset.service)
  const password = rootPassword(await variablesOf(service, passwordVariables, context.engine))
  if (password === null) throw noPassword(dataset.service)
  const options = { image: service.image, network: context.project }
  return withClient(
    context,
    { ...options, password: optionFile(dataset.service, password) },
    (client) => act({ client, options: [`--defaults-extra-file=${passwordPath}`] }, service),
  )
}

/**
 * Where a server of MySQL stands in its log is not of the data: it moves between two looks at the same definitions, and
 * is another one's after a restore. MariaDB does not know the option, and passes over it.
 */
const withoutPosition = '--loose-set-gtid-purged=OFF'

/** Runs the dump program; what it prints goes into files that its arguments name. */
export const runDump = ({ client, options }: MysqlDoor, argv: string[]): Promise<string> =>
  runClient(client, ['sh', '-c', dumpScript, 'dump', ...options, withoutPosition, ...argv], {
    name: 'mysqldump',
  })

/** Feeds a file of SQL to the server; the first statement that fails ends it. */
export const runFile = ({ client, options }: MysqlDoor, path: string): Promise<string> => {
  const script = `file=$1; shift; set -- "$@" --default-character-set=utf8mb4; ${clientScript.replaceAll('"$@"', '"$@" < "$file"')}`
  return runClient(client, ['sh', '-c', script, 'client', path, ...options], { name: 'mysql' })
}

/** Opens a session with steady settings. A statement that fails ends it. */
export const openSession = async ({ client, options }: MysqlDoor): Promise<MysqlSession> => {
  const { context, container } = client
  const { engine, signal } = context
  const how = ['--batch', '--skip-column-names', '--unbuffered', '--no-auto-rehash']
  const argv = ['sh', '-c', clientScript, 'client', ...options, ...how]
  const { id, streams } = await startCommand(engine, container, { argv, user: '0:0' }, true)
  const stop = () => streams.destroy()
  signal.addEventListener('abort', stop)
  const output = readOutput(streams)
  const ask = async (sql: string): Promise<string> => {
    signal.throwIfAborted()
    const mark = `zarpe-${randomBytes(9).toString('hex')}`
    streams.write(`${sql};\nSELECT '${mark}';\n`)
    const answer = await output.until(mark)
    if (answer !== null) return answer
    signal.throwIfAborted()
    throw clientFailed('mysql', await exitCodeOf(engine, id).catch(() => 0), output.errors())
  }
  const session: MysqlSession = {
    run: async (sql) => void (await ask(sql)),
    rows: async (query) =>
      (await ask(query))
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split('\t').map(unescaped)),
    close: async () => {
      signal.removeEventListener('abort', stop)
      streams.end()
      await output.ended.catch(() => undefined)
      streams.destroy()
    },
  }
  for (const setting of steadySettings) await session.run(setting)
  return session
}

export const withSession = async <Result>(
  door: MysqlDoor,
  act: (session: MysqlSession) => Promise<Result>,
): Promise<Result> => {
  const session = await openSession(door)
  try {
    return await act(session)
  } finally {
    await session.close()
  }
}

/** What the user expects of the data and is not so, one line each. */
export const unmet = async (door: MysqlDoor, expect: Expectation[]): Promise<string[]> => {
  if (expect.length === 0) return []
  return withSession(door, async (session) => {
    const lines: string[] = []
    // A table needs no name of its database where there is only one.
    const schemas = await session.rows(schemasQuery)
    if (schemas.length === 1) await session.run(`USE ${quoted(schemas[0]?.[0] ?? '')}`)
    for (const { what, query, is } of expect) {
      const answer = (await session.rows(query))[0]?.[0] ?? null
      if (!meets(answer, is)) lines.push(`expected of ${what}: ${is}; found: ${String(answer)}`)
    }
    return lines
  })
}

const noPassword = (service: string) =>
  new Problem({
    code: 'data/no-root-password',
    summary: 'The password of a database is not known.',
    detail: `"${service}" has neither MARIADB_ROOT_PASSWORD nor MYSQL_ROOT_PASSWORD, nor the same with _FILE.`,
    fix: ['Give the service its root password by one of these variables, then: zarpe deploy'],
  })
