import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inside } from '../../../src/lab/vps.ts'
import { problemIn } from '../../lab/cli.ts'
import type { Project } from '../../lab/project.ts'
import { postgresVersion } from '../../lab/psql.ts'
import { backup, backupOk, deployed, listed, onServer, server } from './ledger.ts'

const container = 'managed'
const [port, password] = [5499, 'p:w/of@managed 2026']
const only = ['--dataset', 'elsewhere']

/** As `psql` of whoever is named, in the server that is no service of the app. */
const ask = async (text: string, database = 'shop', user = 'postgres') => {
  const client = ['psql', '--no-psqlrc', '--quiet', '--no-align', '--tuples-only']
  const options = ['--set=ON_ERROR_STOP=1', `--port=${port}`, `--username=${user}`, database]
  const argv = ['docker', 'exec', '--interactive', container, ...client, ...options]
  const { code, stdout, stderr } = await inside(server, argv, { input: text })
  if (code !== 0) throw new Error(`psql: ${stderr}`)
  return stdout.trim()
}

/**
 * A PostgreSQL that is no service of the app, as one on the host or a managed one: it is known by a URL, whose user is no
 * superuser and sees neither passwords of roles nor the table of large objects. After it there are backups of two data.
 */
export const managedDatabase = (ledger: () => Project) => {
  describe('a database that is known by its URL alone', () => {
    let [plain, values] = ['', '']
    const digest = () =>
      ask('SELECT count(*), sum(hash_record_extended(o, 0)::numeric) FROM orders o')

    beforeAll(async () => {
      plain = ledger().read('zarpe.yml')
      values = ledger().read('.env.production')
      const named = ['--detach', '--network', 'host', '--name', container]
      const secret = ['--env', 'POSTGRES_PASSWORD=of-nobody']
      const image = `postgres:${postgresVersion}`
      await onServer('docker', 'run', ...named, ...secret, image, '-c', `port=${port}`)
      const ready = `docker exec ${container} pg_isready --quiet --host=127.0.0.1 --port=${port}`
      await onServer('timeout', '60', 'sh', '-c', `until ${ready}; do sleep 0.5; done`)
      await ask(`CREATE ROLE shop LOGIN CREATEDB PASSWORD '${password}'`, 'postgres')
      await ask(`CREATE DATABASE shop OWNER shop`, 'postgres')
      await ask(
        `CREATE TABLE orders (id int PRIMARY KEY, what text); INSERT INTO orders SELECT n, 'order ' || n FROM generate_series(1, 300) n;
         CREATE SEQUENCE numbers; SELECT nextval('numbers'); SELECT lo_from_bytea(0, 'large');`,
        'shop',
        'shop',
      )
      const url = `postgresql://shop:${encodeURIComponent(password)}@host.docker.internal:${port}/shop`
      ledger().write('.env.production', `${values}ELSEWHERE_URL="${url}"\n`)
      const elsewhere = `  elsewhere:
    postgres: { url: ELSEWHERE_URL, image: "${image}" }
    backup: { at: "04:00", keep: { local: 7d } }
    expect: { orders: ">= 300" }
`
      ledger().write('zarpe.yml', plain.replace('databases:\n', `databases:\n${elsewhere}`))
      await deployed(ledger())
    })

    afterAll(async () => {
      ledger().write('zarpe.yml', plain)
      ledger().write('.env.production', values)
      await deployed(ledger())
      await inside(server, ['docker', 'rm', '--force', '--volumes', container])
    })

    it('is backed up and proven', async () => {
      await backupOk(ledger(), ['now', 'elsewhere'])
      const last = (await listed(ledger())).findLast(({ id }) => id.startsWith('elsewhere-'))!
      expect(last).toMatchObject({ state: 'proven', summary: { units: 1, rows: 300 } })
      const found = await inside(server, [
        ...['grep', '--recursive', '--quiet', encodeURIComponent(password).slice(0, 9)],
        ...['/var/lib/zarpe', '/var/backups/zarpe', '/etc/systemd/system'],
      ])
      expect(found.code).toBe(1)
    })

    it('is restored beside the live one and put in its place, undone, and put there again', async () => {
      const before = await digest()
      await ask('DELETE FROM orders WHERE id % 2 = 0')
      const lost = await digest()
      await backupOk(ledger(), ['restore', ...only])
      expect(await digest()).toBe(before)
      expect(
        await ask(`SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'shop'`),
      ).toBe('shop')
      await backupOk(ledger(), ['undo'])
      expect(await digest()).toBe(lost)
      await backupOk(ledger(), ['undo'])
      expect(await digest()).toBe(before)
      await backupOk(ledger(), ['discard'])
      const names = `SELECT string_agg(datname, ',') FROM pg_database WHERE datname LIKE 'shop%'`
      expect(await ask(names)).toBe('shop')
    })

    it('that cannot be reached is told as such, without its password', async () => {
      await onServer('docker', 'stop', container)
      const result = await backup(ledger(), ['now', 'elsewhere'])
      expect(result.code).toBe(1)
      expect(problemIn(result).code).toMatch(/^data\//)
      expect(result.stdout + result.stderr).not.toContain(password)
      await onServer('docker', 'start', container)
    })
  })
}
