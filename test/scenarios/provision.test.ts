import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../scripts/bundle.ts'
import { down, inside } from '../../src/lab/vps.ts'
import { type CliResult, problemIn, zarpe, zarpeOk } from '../lab/cli.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { postgresVersion, withPostgres } from '../lab/psql.ts'
import { readyServer } from '../lab/server.ts'

// A database has the roles, rights and extensions that zarpe.yml says, and `status` tells how far it has been
// migrated. Who may do what is tried over the network, from another service, as the app would.

const server = 'provision'
const project = 'books-production'
let books: Project
let isReady = false

const passwords = {
  keeper: 'zq-of-the-keeper',
  app: `zq-"of' the\\app`,
  reporter: 'zq-of-the-reporter',
}
const values = (given: Record<string, string>) =>
  Object.entries({ db: 'zq-of-the-server', ...given })
    .map(([name, value]) => `${name.toUpperCase()}_PASSWORD=${quotedValue(value)}\n`)
    .join('')
const quotedValue = (value: string) => `"${value.replaceAll(/[\\"$]/g, '\\$&')}"`

beforeAll(async () => {
  await readyServer(server)
  books = await projectFrom('provision', 'books', 'books.example')
  books.write('.env.production', values(passwords))
  await withPostgres(books)
  isReady = true
})

afterAll(async () => {
  if (isReady) books.remove()
  await down(server)
})

const options = (json = true) => ({ folder: books.folder, server, json })
const deploy = () => zarpeOk(['deploy'], options())
const resultOf = ({ events }: CliResult) => events.find(({ type }) => type === 'result')!
const plannedBy = ({ events }: CliResult) =>
  (events.find(({ type }) => type === 'planned') as { steps: { kind: string; cause: string }[] })
    .steps

const onServer = async (script: string): Promise<string> => {
  const { code, stdout, stderr } = await inside(server, ['sh', '-euc', script])
  if (code !== 0) throw new Error(`${script}: ${stderr}`)
  return stdout.trim()
}

const containerOf = (service: string) =>
  onServer(`docker ps --quiet --filter name=${project}_${service} | head -1`)

const psql = ['psql', '--no-psqlrc', '--quiet', '--no-align', '--tuples-only']

/** What a role gets to hear, over the network; an error if it is refused. */
const as = async (role: keyof typeof passwords, sql: string, password = passwords[role]) => {
  const login = ['--env', `PGUSER=${role}`, '--env', `PGPASSWORD=${password}`]
  const argv = ['docker', 'exec', ...login, await containerOf('app'), ...psql, '--command', sql]
  const { code, stdout, stderr } = await inside(server, argv)
  return code === 0 ? stdout.trim() : `refused: ${stderr.trim()}`
}

/** As the server's own superuser. */
const sql = async (text: string) => {
  const argv = ['docker', 'exec', '--interactive', await containerOf('db'), ...psql]
  const client = ['--set=ON_ERROR_STOP=1', '--username=postgres', '--dbname=books']
  const { code, stdout, stderr } = await inside(server, [...argv, ...client], { input: text })
  if (code !== 0) throw new Error(stderr)
  return stdout.trim()
}

describe('a database of the app', () => {
  it('has what the migration needs before it, and rights on what that makes after it', async () => {
    const result = await deploy()
    expect(resultOf(result)['exchanges']).toBeLessThanOrEqual(5)
    expect(await as('app', `INSERT INTO entries (note) VALUES ('one') RETURNING id`)).toBe('1')
    expect(await as('app', `DELETE FROM entries WHERE note = 'none'`)).toBe('')
    expect(await as('reporter', `SELECT note = 'ONE' FROM entries`)).toBe('t')
    expect(await as('reporter', 'SELECT count(*) FROM reports.monthly')).toBe('0')
    expect(
      await sql(
        'SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()',
      ),
    ).toBe('keeper')
  })

  it('lets nobody do more than that', async () => {
    const denied = /^refused: .*permission denied/
    expect(await as('reporter', `INSERT INTO entries (note) VALUES ('two')`)).toMatch(denied)
    const own = await as('app', 'CREATE TABLE own (id int)')
    if (postgresVersion >= 15) expect(own).toMatch(denied)
    // Before, PostgreSQL let everybody make tables in `public`; what is there by itself is left.
    else expect([own, await as('app', 'DROP TABLE own')]).toEqual(['', ''])
    expect(await as('app', 'SELECT count(*) FROM reports.monthly')).toMatch(denied)
    expect(await as('reporter', 'SELECT rolpassword FROM pg_authid')).toMatch(denied)
    expect(await as('app', 'SELECT 1', 'other')).toMatch(/password authentication failed/)
  })

  it('gives its rights on tables that come later too', async () => {
    expect(await as('keeper', 'CREATE TABLE public.kept AS SELECT 1 AS id')).toBe('')
    expect(await as('reporter', 'SELECT id FROM kept')).toBe('1')
    expect(await as('app', 'UPDATE kept SET id = 2 RETURNING id')).toBe('2')
  })

  it('is left alone when it has all of it', async () => {
    expect(resultOf(await deploy())).toMatchObject({ outcome: 'unchanged' })
  })

  /** What a superuser would call who calls whatever bears the name. */
  const trap = `CREATE FUNCTION public.trap(json, json) RETURNS json LANGUAGE plpgsql AS $$
BEGIN ALTER ROLE keeper SUPERUSER; RETURN '[]'; END$$;
CREATE AGGREGATE public.json_agg(json) (SFUNC = public.trap, STYPE = json, INITCOND = '[]')`

  it('is mended where somebody has changed it, without a release, and runs nothing of its owner’s', async () => {
    expect(await as('keeper', trap)).toBe('')
    await sql('REVOKE SELECT ON entries FROM reporter; ALTER ROLE app NOLOGIN; CREATE ROLE other')
    expect(plannedBy(await deploy())).toEqual([
      expect.objectContaining({
        kind: 'data.provision',
        cause: 'missing: login of app, reporter reads public',
      }),
    ])
    expect(await as('reporter', 'SELECT count(*) FROM entries')).toBe('1')
    expect(await as('app', 'SELECT count(*) FROM entries')).toBe('1')
    expect(await sql(`SELECT count(*) FROM pg_roles WHERE rolname = 'other'`)).toBe('1')
    expect(await sql(`SELECT rolsuper FROM pg_roles WHERE rolname = 'keeper'`)).toBe('f')
    expect(await as('keeper', 'DROP FUNCTION public.trap CASCADE')).toBe('')
  })

  it('that lacks an extension says which image would have it', async () => {
    const config = books.read('zarpe.yml')
    books.write('zarpe.yml', config.replace('pg_trgm', 'no_such_thing'))
    const result = await zarpe(['deploy'], options())
    expect(problemIn(result)).toMatchObject({ code: 'data/no-such-extension' })
    expect(problemIn(result).fix?.[0]).toContain(`pgvector/pgvector:pg${postgresVersion} `)
    books.write('zarpe.yml', config)
  })
})

describe('a password', () => {
  it('that is set anew counts after the next deploy, and the former one does not', async () => {
    const former = passwords.reporter
    passwords.reporter = 'zq-of-the-reporter-anew'
    await zarpeOk(['env', 'set', 'REPORTER_PASSWORD'], { ...options(), input: passwords.reporter })
    expect(plannedBy(await deploy()).map(({ cause }) => cause)).toEqual([
      'missing: password of reporter',
    ])
    expect(await as('reporter', 'SELECT 1')).toBe('1')
    expect(await as('reporter', 'SELECT 1', former)).toContain('password authentication failed')
  })

  it('goes back with a release that fails, and with one that is brought back', async () => {
    const [former, migration] = [passwords.app, books.read('migrate.sql')]
    const anew = 'zq-of-the-app-anew'
    books.write('.env.production', values({ ...passwords, app: anew }))
    books.write('migrate.sql', 'SELECT broken;')
    const failed = await zarpe(['deploy'], options())
    expect(problemIn(failed).code).toBe('release/migration-failed')
    expect(await as('app', 'SELECT 1', former)).toBe('1')
    expect(await as('app', 'SELECT 1', anew)).toContain('password authentication failed')

    books.write('migrate.sql', migration)
    const planned = plannedBy(await deploy())
    expect(planned).toContainEqual(
      expect.objectContaining({ cause: 'missing: password of app', danger: 'downtime' }),
    )
    expect(await as('app', 'SELECT 1', anew)).toBe('1')

    await zarpeOk(['rollback'], options())
    expect(await as('app', 'SELECT 1', former)).toBe('1')
    await zarpeOk(['rollback', '3'], options())
    passwords.app = anew
    expect(await as('app', 'SELECT 1')).toBe('1')
  })

  it('is in no log, record, journal or list of processes', async () => {
    const logs = await onServer(
      `journalctl --no-pager --output cat | grep -E 'CREATE TABLE entries|zq-(of|"of)|SCRAM-SHA-256'`,
    )
    expect(logs).toContain('CREATE TABLE entries')
    expect(logs).not.toMatch(/zq-|SCRAM/)
    const found = await onServer(
      `grep --recursive --files-with-matches -E 'zq-(of|"of)|SCRAM-SHA-256\\$' /var/lib/zarpe /run/zarpe || true
       ps axww --format args | grep -c '[z]q-of' || true`,
    )
    expect(found).toBe('0')
  })
})

describe('what has been migrated', () => {
  const status = async () => {
    const { events } = await zarpe(['status'], options())
    const { migrations } = events.find(({ type }) => type === 'status') as {
      migrations: { applied: { tool: string; newest: { name: string }[]; failed: string[] }[] }[]
    }
    return migrations[0]!.applied
  }

  it('is nothing that `status` tells where no tool is known', async () => {
    expect(await status()).toEqual([])
  })

  const written = async (file: string) => {
    await sql(readFileSync(join(root, 'test', 'fixtures', 'provision', file), 'utf8'))
    return (await status()).map(({ tool, newest, failed }) => [
      tool,
      ...newest.map(({ name }) => name),
      ...failed.map((name) => `failed: ${name}`),
    ])
  }

  it('is told by `status` as each tool has written it', async () => {
    expect(await written('tools.sql')).toEqual([
      ['Prisma', '20260102_users', 'failed: 20260104_broken'],
      ['Alembic', '1975ea83b712', 'ae1027a6acf1'],
      ['Liquibase', '9 (leo)'],
      ['Django', 'shop.0002_price', 'auth.0012_alter_user'],
      ['Flyway', '1.1 users', 'failed: 2 broken'],
      ['Drizzle', 'bbbbbbbbbbbb'],
      ['Rails', '20260102000000'],
    ])
    const { code, stdout } = await zarpe(['status'], options(false))
    expect(code).toBe(1)
    expect(stdout).toContain('data main: Flyway has applied 1.1 users on 2026-01-02 00:00')
    expect(stdout).toContain('✗ data main: migration 20260104_broken of Prisma did not end well')
  })

  it('is told apart where tools share the name of a table', async () => {
    await sql('DROP SCHEMA public, drizzle, rails CASCADE; CREATE SCHEMA public')
    expect(await written('more-tools.sql')).toEqual([
      ['Sequelize', '2-b.js'],
      ['Knex', '2_b.js'],
      ['TypeORM', 'Init1767225600000'],
      ['dbmate', '20260102'],
      ['Ecto', '20260102'],
      ['golang-migrate', 'failed: 12'],
      ['Laravel', '2026_01_02_b'],
    ])
  })

  it('does not keep `status` waiting for a database that hangs', async () => {
    const container = await containerOf('db')
    const server = await onServer(`docker inspect --format '{{.State.Pid}}' ${container}`)
    await onServer(`kill -STOP ${server}`)
    try {
      expect(await status()).toEqual([])
    } finally {
      await onServer(`kill -CONT ${server}`)
    }
  })
})
