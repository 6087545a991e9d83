import { inside, down } from '../../src/lab/vps.ts'
import { type CliOptions, zarpeOk } from '../../test/lab/cli.ts'
import { projectFrom } from '../../test/lab/project.ts'
import { readyServer } from '../../test/lab/server.ts'
import { median, msBetween, stepTimes, watchAgent } from './measure.ts'

// A backup that is dumped, counted, restored and compared, beside `pg_dump | gzip -9`, which is dumped
// alone. Same server, same data, same run, one after the other.

const server = 'bench-data'
/** Of how much data: 1 for about 1 GB of tables and indexes, three times. */
const size = Number(process.env['ZARPE_BENCH_DATA'] ?? 1)
const narrowRows = 4_200_000 * size
const documentRows = 700_000 * size
const wideRows = 350_000 * size

/** What a database is full of: how much work there is for each byte depends on it. */
type Shape = { what: string; fill: string }

/**
 * SQL that makes tables, each by one statement in which %I and %L are its name, with a primary key and other indexes;
 * those of the shape before go first.
 */
const filledBy = (
  names: string[],
  statement: string,
  indexed: string[] = [],
  former: string[] = [],
) => {
  const given = (statement.match(/%[IL]/g) ?? []).map(() => 'name').join(', ')
  return `${former.length > 0 ? `DROP TABLE ${former.join(', ')};\n` : ''}DO $$ DECLARE name text; BEGIN
PERFORM setseed(0.5);
FOREACH name IN ARRAY ARRAY['${names.join("', '")}'] LOOP
EXECUTE format($of$${statement}$of$, ${given});
EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (id)', name);
${indexed.map((column) => `EXECUTE format('CREATE INDEX ON %I (${column})', name);\n`).join('')}END LOOP; END $$;
CHECKPOINT;`
}

const narrowTables = ['orders', 'lines', 'events', 'payments']
const narrowRowsEach = narrowRows / narrowTables.length

const narrow: Shape = {
  what: `${narrowRows / 1e6} million rows of about 100 bytes in ${narrowTables.length} tables, three indexes each`,
  fill: filledBy(
    narrowTables,
    `CREATE TABLE %I AS SELECT g AS id, md5(%L || g) AS a, md5(%L || g * 7) AS b, g %% 1000 AS k,
  (g * 1.1)::numeric(12,2) AS amount, timestamptz '2026-01-01' + g * interval '1 second' AS at
FROM generate_series(1, ${narrowRowsEach}) g`,
    ['k', 'a'],
  ),
}

const documentTables = ['baskets', 'journeys', 'profiles', 'reports']
const documentRowsEach = documentRows / documentTables.length

const documents: Shape = {
  what: `${documentRows / 1e6} million JSON documents of about 1 kB in ${documentTables.length} tables, two indexes each`,
  fill: filledBy(
    documentTables,
    `CREATE TABLE %I AS SELECT g AS id, g %% 5000 AS customer, timestamptz '2026-01-01' + g * interval '1 second' AS at,
  jsonb_build_object('reference', %L || '-' || g, 'customer', jsonb_build_object('number', g %% 5000, 'session', gen_random_uuid()),
    'created_at', timestamptz '2026-01-01' + g * interval '1 second', 'currency', 'EUR', 'total', (random() * 1000)::numeric(8,2),
    'lines', (SELECT jsonb_agg(jsonb_build_object('article', 'A' || (random() * 20000)::int, 'quantity', 1 + (random() * 5)::int,
      'price', (random() * 100)::numeric(6,2), 'remark', (SELECT string_agg(words[1 + (random() * 31)::int], ' ' ORDER BY w) FROM generate_series(1, 6 + l * 0) w))) FROM generate_series(1, 5 + g * 0) l)) AS body
FROM generate_series(1, ${documentRowsEach}) g,
  (SELECT string_to_array('please deliver before noon leave parcel with the neighbour on left side gift wrap blue ribbon call when outside fragile keep cold second floor back door ring twice thank you', ' ') AS words) w`,
    ['customer'],
    narrowTables,
  ),
}

const wideTables = ['images', 'keys', 'letters', 'scans']
const wideRowsEach = wideRows / wideTables.length

const wide: Shape = {
  what: `${wideRows / 1e6} million rows of about 2 kB that hardly compress in ${wideTables.length} tables, one index each`,
  fill: filledBy(
    wideTables,
    `CREATE TABLE %I AS SELECT g AS id, timestamptz '2026-01-01' + g * interval '1 second' AS at,
  (SELECT encode(decode(string_agg(md5(%L || g || '/' || i), ''), 'hex'), 'base64') FROM generate_series(1, 88) i) AS body
FROM generate_series(1, ${wideRowsEach}) g`,
    [],
    documentTables,
  ),
}

/** What backups of one shape cost. */
type ShapeFigures = {
  shape: Shape
  databaseMb: number
  byHandMs: number
  byHandMb: number
  takeMs: number
  proveMs: number
  copyMb: number
  byHandRestoreMs: number
  restoreMs: number
  /** Of it, what PostgreSQL's own `pg_restore` took. */
  pgRestoreMs: number
  swapMs: number
}

export type DataFigures = {
  shapes: ShapeFigures[]
  /** Transactions a second of four clients: alone, beside a plain dump, beside a backup. */
  writers: { alone: number; besidePlainDump: number; besideBackup: number }
  /** The agent's largest resident set while it takes, proves and restores, in MB. */
  agentMb: number
}

const inDatabase = async (script: string, input = ''): Promise<{ text: string; ms: number }> => {
  const found = await inside(server, [
    'docker',
    'ps',
    '-q',
    '--filter',
    'name=ledger-production_db',
  ])
  const argv = [
    'docker',
    'exec',
    '-i',
    found.stdout.trim(),
    'bash',
    '-o',
    'pipefail',
    '-ec',
    script,
  ]
  const started = Date.now()
  const { code, stdout, stderr } = await inside(server, argv, { input, limitMs: 3_600_000 })
  if (code !== 0) throw new Error(`${script}: ${stderr}`)
  return { text: stdout.trim(), ms: Date.now() - started }
}

const psql = 'psql -U postgres -d ledger -qAtX -v ON_ERROR_STOP=1'
const plainDump =
  'pg_dump -U postgres ledger | gzip -9 > /tmp/by-hand.gz && stat -c %s /tmp/by-hand.gz'
const byHandRestore =
  'dropdb -U postgres --if-exists by_hand; createdb -U postgres by_hand; gunzip -c /tmp/by-hand.gz | psql -U postgres -d by_hand -qX -v ON_ERROR_STOP=1 > /dev/null; dropdb -U postgres by_hand'

const writersDuring = async (act: () => Promise<unknown>): Promise<number> => {
  const running = inDatabase(
    `printf '%s\\n' '\\set id random(1, ${narrowRowsEach})' "INSERT INTO entries (account, cents) VALUES ('a', 1);" 'UPDATE orders SET at = now() WHERE id = :id;' > /tmp/w.sql; pgbench -U postgres -n -c 4 -T 3600 -f /tmp/w.sql ledger 2>&1 || true`,
  )
  const read = async () => Number((await inDatabase(psql, 'SELECT count(*) FROM entries')).text)
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const [before, started] = [await read(), Date.now()]
  await act()
  const [after, ended] = [await read(), Date.now()]
  await inDatabase('pkill -INT pgbench || true')
  await running
  return (after - before) / ((ended - started) / 1000)
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const setJobs = (jobs: number) => `backup: { jobs: ${jobs}, at: "03:00"`

const measureShape = async (
  shape: Shape,
  options: CliOptions,
  rounds: number,
): Promise<ShapeFigures> => {
  await inDatabase(psql, shape.fill)
  const databaseBytes = await inDatabase(psql, "SELECT pg_database_size('ledger')")
  const hands = []
  const backups = []
  for (let round = 0; round < rounds; round++) {
    hands.push(await inDatabase(plainDump))
    backups.push(stepTimes(await zarpeOk(['backup', 'now'], options)))
  }
  const handRestores = []
  const restores = []
  const pgRestores = []
  for (let round = 0; round < rounds; round++) {
    handRestores.push(await inDatabase(byHandRestore))
    const restored = await zarpeOk(['backup', 'restore'], options)
    restores.push(stepTimes(restored))
    pgRestores.push(msBetween(restored, /^restoring into /, / tables compared/))
    await zarpeOk(['backup', 'discard'], options)
  }
  const listed = await zarpeOk(['backup', 'list'], options)
  const copies = listed.events.filter(({ type }) => type === 'backup') as unknown as {
    file: { bytes: number }
  }[]
  const ms = (times: Record<string, number>[], kind: string) =>
    median(times.map((each) => each[kind] ?? 0))
  return {
    shape,
    databaseMb: Number(databaseBytes.text) / 1e6,
    byHandMs: median(hands.map((each) => each.ms)),
    byHandMb: Number(hands[0]!.text) / 1e6,
    takeMs: ms(backups, 'backup.take'),
    proveMs: ms(backups, 'backup.prove'),
    copyMb: copies.at(-1)!.file.bytes / 1e6,
    byHandRestoreMs: median(handRestores.map((each) => each.ms)),
    restoreMs: ms(restores, 'restore.load'),
    pgRestoreMs: median(pgRestores),
    swapMs: ms(restores, 'restore.swap'),
  }
}

const measureWriters = async (options: CliOptions): Promise<DataFigures['writers']> => {
  const alone = await writersDuring(() => wait(15_000))
  const besidePlainDump = await writersDuring(() =>
    inDatabase(
      'rm -rf /tmp/plain; pg_dump -U postgres -Fd -j1 --compress=zstd:3 -f /tmp/plain ledger',
    ),
  )
  // What the one has written is not flushed at the cost of the other.
  await inDatabase('rm -rf /tmp/plain; sync')
  const besideBackup = await writersDuring(() => zarpeOk(['backup', 'now'], options))
  return { alone, besidePlainDump, besideBackup }
}

export const measureData = async (rounds: number): Promise<DataFigures> => {
  await readyServer(server)
  const project = await projectFrom('ledger', 'ledger', 'ledger.example')
  const options: CliOptions = { folder: project.folder, server }
  const jobs = async (from: number | null, to: number) => {
    const [before, after] = [from === null ? 'backup: { at: "03:00"' : setJobs(from), setJobs(to)]
    project.write('zarpe.yml', project.read('zarpe.yml').replace(before, after))
    await zarpeOk(['deploy'], options)
  }
  try {
    project.write('.env.production', 'DB_PASSWORD=only-for-the-bench\n')
    // On two cores the faster setting, as for the dump by hand nothing is held back either.
    await jobs(null, 2)
    const narrowFigures = await measureShape(narrow, options, rounds)
    await jobs(2, 1)
    const writers = await measureWriters(options)
    await jobs(1, 2)
    const watch = watchAgent(server)
    await zarpeOk(['backup', 'now'], options)
    await zarpeOk(['backup', 'restore'], options)
    const { peakMb: agentMb } = await watch.stop()
    await zarpeOk(['backup', 'discard'], options)
    const documentFigures = await measureShape(documents, options, rounds)
    const wideFigures = await measureShape(wide, options, rounds)
    return { shapes: [narrowFigures, documentFigures, wideFigures], writers, agentMb }
  } finally {
    project.remove()
    await down(server)
  }
}

/** The part of docs/benchmarks.md about data. */
export const dataPage = ({ shapes: figures, writers, agentMb }: DataFigures): string => {
  const ratio = (value: number) => value.toFixed(2)
  return `## Backups, beside \`pg_dump | gzip -9\`

PostgreSQL 17, two jobs. How the two compare depends on the data: counting and digesting costs by the row, gzip by the byte, and
\`pg_restore\` gives each table to one process.
${figures.map(shapeTable).join('')}
Transactions a second of four clients on the first of them: ${writers.alone.toFixed(0)} alone, ${writers.besidePlainDump.toFixed(0)} beside \`pg_dump -Fd -j1\`,
${writers.besideBackup.toFixed(0)} beside a backup with one job and its proof (${ratio(writers.besideBackup / writers.besidePlainDump)} of those beside the plain dump; asked: ≥ 0.85).

The agent's memory while it takes, proves and restores the first of them: ${agentMb.toFixed(0)} MB at its peak. The throw-away server of a proof has
what half of the free memory allows, or is on disk.
`
}

const shapeTable = (figures: ShapeFigures): string => {
  const { byHandMs, takeMs, proveMs, byHandMb, copyMb } = figures
  const s = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  const ratio = (value: number) => value.toFixed(2)
  const asked = (value: number, most: number) =>
    `≤ ${most}, ${Math.round(value * 100) <= most * 100 ? 'met' : '**not met**'}`
  return `
A database of ${figures.databaseMb.toFixed(0)} MB: ${figures.shape.what}.

| what | by hand | Zarpe | ratio | asked |
|---|---|---|---|---|
| a dump | ${s(byHandMs)} | ${s(takeMs)}, every table counted and digested in its snapshot | ${ratio(takeMs / byHandMs)} | |
| … proven: restored and compared | – | ${s(takeMs + proveMs)} | ${ratio((takeMs + proveMs) / byHandMs)} | ${asked((takeMs + proveMs) / byHandMs, 0.6)} |
| bytes | ${byHandMb.toFixed(0)} MB | ${copyMb.toFixed(0)} MB | ${ratio(copyMb / byHandMb)} | ${asked(copyMb / byHandMb, 0.9)} |
| a restore (\`gunzip \\| psql\`) | ${s(figures.byHandRestoreMs)} | ${s(figures.restoreMs)}, every table compared | ${ratio(figures.restoreMs / figures.byHandRestoreMs)} | |
| … of it until data, keys and indexes are there | – | ${s(figures.pgRestoreMs)}: \`pg_restore\` itself; around it the copy is opened and its bytes compared, rows are counted and digested, statistics taken | ${ratio(figures.pgRestoreMs / figures.byHandRestoreMs)} | ${asked(figures.pgRestoreMs / figures.byHandRestoreMs, 0.62)} |
| … in the live data's place | – | ${s(figures.swapMs)}, of which sessions are without their database for a moment | | |
`
}
