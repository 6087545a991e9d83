import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { labPath } from '../../src/lab/home.ts'
import { root } from '../bundle.ts'

/** Where the demo keeps its product with a database. */
export const ledgerFolder = () => labPath('demo-ledger')

/** The second example, as a user would have it, on the demo's server. */
export const writeLedger = (server: string) => {
  const folder = ledgerFolder()
  const source = join(root, 'examples', 'ledger')
  if (!existsSync(join(folder, 'zarpe.yml'))) cpSync(source, folder, { recursive: true })
  const config = readFileSync(join(source, 'zarpe.yml'), 'utf8')
  writeFileSync(
    join(folder, 'zarpe.yml'),
    config.replace(/^ {2}main: .*$/m, `  main: deploy@${server}`),
  )
  const values = join(folder, '.env.production')
  if (!existsSync(values))
    writeFileSync(values, `DB_PASSWORD=${randomBytes(18).toString('hex')}\n`, { mode: 0o600 })
}

/** What is typed into the database in the demo; the program's own `exec` carries it there. */
export const psql = (statement: string): string[] => [
  ...['exec', 'db', '--', 'psql', '--username=postgres', '--dbname=ledger', '--no-align'],
  ...['--tuples-only', '--quiet', `--command=${statement}`],
]

export const fill =
  "INSERT INTO entries (account, cents) SELECT 'account ' || g % 100, g FROM generate_series(1, 7320) g"
export const count = 'SELECT count(*) FROM entries'
