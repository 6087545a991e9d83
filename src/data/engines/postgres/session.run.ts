import { randomBytes } from 'node:crypto'
import { commandIn, exitCodeOf, startCommand } from '../../../io/engine/command.ts'
import type { Engine } from '../../../io/engine/engine.ts'
import { Problem } from '../../../problem/problem.ts'
import { readOutput } from '../output.run.ts'

/** A container with PostgreSQL's programs, and how they reach the server. */
export type PostgresDoor = {
  engine: Engine
  container: string
  /** Who the programs run as in the container. */
  user: string
  /** `PGHOST` and the like. */
  env: string[]
  signal: AbortSignal
}

/** One session of psql that stays open, so that a transaction can. */
export type SqlSession = {
  /** Statements whose answer is of no interest. */
  run: (sql: string) => Promise<void>
  /** The rows of one query, each an object. Wide numbers must be cast to text. */
  rows: <Row>(query: string) => Promise<Row[]>
  close: () => Promise<void>
}

const psql = [
  'psql',
  '--no-psqlrc',
  '--quiet',
  '--no-align',
  '--tuples-only',
  '--set=ON_ERROR_STOP=1',
]

/**
 * Who is meant by a name without a schema. `ours`: PostgreSQL's own things alone; whoever may make things in a schema of
 * the database, as its owner may, could else put a function of his in the place of one that a superuser calls.
 * `database`: as the database has it, for what the user has written.
 */
export type Names = 'ours' | 'database'

/** A session for as long as `act` takes. */
export const withSession = async <Result>(
  door: PostgresDoor,
  database: string,
  act: (session: SqlSession) => Promise<Result>,
  names: Names = 'ours',
): Promise<Result> => {
  const session = await openSession(door, database, names)
  try {
    return await act(session)
  } finally {
    await session.close()
  }
}

/** Opens a session in a database. A statement that fails ends it; the `Problem` has the server's own words. */
export const openSession = async (
  door: PostgresDoor,
  database: string,
  names: Names = 'ours',
): Promise<SqlSession> => {
  const command = { argv: [...psql, `--dbname=${database}`], env: door.env, user: door.user }
  const { id, streams } = await startCommand(door.engine, door.container, command, true)
  const stop = () => streams.destroy()
  door.signal.addEventListener('abort', stop)
  const output = readOutput(streams)
  if (names === 'ours') streams.write(`SET search_path = '';\n`)
  const ask = async (sql: string): Promise<string> => {
    door.signal.throwIfAborted()
    const mark = `zarpe-${randomBytes(9).toString('hex')}`
    streams.write(`${sql}\n;\n\\echo ${mark}\n`)
    const answer = await output.until(mark)
    if (answer !== null) return answer
    door.signal.throwIfAborted()
    throw sqlFailed(database, output.errors(), await exitCodeOf(door.engine, id).catch(() => 0))
  }
  return {
    run: async (sql) => void (await ask(sql)),
    rows: async <Row>(query: string) => JSON.parse(await ask(asJson(query))) as Row[],
    close: async () => {
      door.signal.removeEventListener('abort', stop)
      streams.end()
      await output.ended.catch(() => undefined)
      streams.destroy()
    },
  }
}

const asJson = (query: string) =>
  `SELECT coalesce(pg_catalog.json_agg(pg_catalog.row_to_json(zarpe_row)), '[]') FROM (${query}\n) AS zarpe_row`

/** Runs one of PostgreSQL's programs to its end; a non-zero exit is a `Problem` with its last words. */
export const program = async (
  door: PostgresDoor,
  argv: string[],
  onError?: (line: string) => void,
): Promise<string> => {
  const { engine, container, user, env, signal } = door
  const ended = await commandIn(engine, container, {
    argv,
    user,
    env,
    signal,
    ...(onError ? { onError } : {}),
  })
  if (ended.code === 0) return ended.stdout
  throw new Problem({
    code: 'data/program-failed',
    summary: 'A program of the database failed.',
    detail: `\`${argv[0]}\` exited ${ended.code}.`,
    fix: [],
    evidence: lastLines(ended.stderr),
  })
}

const sqlFailed = (database: string, errors: string, code: number) =>
  new Problem({
    code: 'data/sql-failed',
    summary: 'The database refused what was asked of it.',
    detail: `psql in "${database}" ended with ${code}.`,
    fix: ['zarpe status'],
    evidence: lastLines(errors),
  })

/** Lines in which the server and its programs quote rows; what went wrong is said without them. */
const quotesRows = /^(DETAIL|CONTEXT|STATEMENT|QUERY):|Command was:|^COPY .*, line \d+/

const lastLines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trimEnd().slice(0, 500))
    .filter((line) => line !== '' && !quotesRows.test(line))
    .slice(-8)
