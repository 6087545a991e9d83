import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { inside } from '../../../src/lab/vps.ts'
import { copyOf, onServer, project, server } from './ledger.ts'

// Copies whose data was changed and every hash made to agree again: what a program would write that reads
// the wrong rows, or somebody who knows the format. Nothing but a comparison of what is restored can tell.

type Named = { schema: string; name: string }
type Manifest = {
  file: { bytes: number; sha256: string }
  contents: { image: string; database: string; owner: string; tables: (Named & { rows: number })[] }
}
type Entry = { manifestSha256: string; file: object; copies: Record<string, object> }
/** What is done to the restored database, and what of it a proof must say. */
type Change = { sql: string; says: string }

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const [container, room] = ['changed', '/root/changed']

/** Tables whose rows no other table's depend on, nor theirs on others: a dump that cannot be restored is found by that alone. */
const alone = ({ contents: { tables } }: Manifest) =>
  tables.filter(({ name, rows }) => rows > 0 && !['hen', 'egg'].includes(name))

const rowLess = (manifest: Manifest, number: number): Change => {
  const tables = alone(manifest)
  const { schema, name, rows } = tables[number % tables.length]!
  const table = `${quoted(schema)}.${quoted(name)}`
  return {
    sql: `DELETE FROM ONLY ${table} WHERE ctid = (SELECT ctid FROM ONLY ${table} ORDER BY ctid OFFSET ${number % rows} LIMIT 1)`,
    says: `${schema}.${name} has ${rows - 1} rows, not ${rows}`,
  }
}

/** As many rows as before. Most of these are values that PostgreSQL itself holds for equal, or that look the same. */
const values: [table: string, sql: string][] = [
  ['public.events_new_0', 'SET at = at + 1 WHERE id = (SELECT min(id) FROM public.events_new_0)'],
  ['public.events_old', `SET what = what || ' ' WHERE id = 7`],
  ['public.extremes', `SET i = '30 days' WHERE i::text = '1 mon'`],
  ['public.extremes', `SET jb = '{"n": 1.1}' WHERE jb::text = '{"n": 1.10}'`],
  ['public.extremes', `SET j = '{"a": 1, "a": 2}' WHERE j::text = '{"a": 1,  "a": 2}'`],
  ['public.extremes', `SET ci = 'case' WHERE ci::text = 'CaSe'`],
  ['public.extremes', `SET b = '\\x00ff0a5d' WHERE b = '\\x00ff0a5c'`],
  ['public.made', 'SET net = net + 200 WHERE id = 100'],
  ['books.private', `SET note = NULL WHERE owner = 'other'`],
]

const rowChanged = (_manifest: Manifest, number: number): Change => {
  const [table, sql] = values[number % values.length]!
  return { sql: `UPDATE ONLY ${table} ${sql}`, says: `${table} has its ` }
}

const others: Record<string, Change> = {
  'a sequence set back': {
    sql: `SELECT setval('public.far', 9223372036854775805)`,
    says: 'sequence public.far stands at 9223372036854775805',
  },
  'a constraint gone': {
    sql: 'ALTER TABLE public.hen DROP CONSTRAINT hen_egg_fkey',
    says: 'the definitions of tables, views, functions or rights differ',
  },
  'a right gone': {
    sql: 'REVOKE SELECT ON public.events FROM "Mixed Role"',
    says: 'the definitions of tables, views, functions or rights differ',
  },
  'a byte of a large object': {
    sql: `SELECT lo_put(min(loid), 0, '\\x01') FROM pg_largeobject`,
    says: 'large objects have other content',
  },
  'an empty large object less': {
    sql: `SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE oid NOT IN (SELECT loid FROM pg_largeobject)`,
    says: 'there are 0 empty large objects, not 1',
  },
}

const changes: Record<string, (manifest: Manifest, number: number) => Change> = {
  'a row less': rowLess,
  'a row changed': rowChanged,
  ...Object.fromEntries(Object.entries(others).map(([what, change]) => [what, () => change])),
}

export const changeWords = Object.keys(changes)

const stateOf = (kind: 'backups' | 'manifests', id: string) =>
  `/var/lib/zarpe/projects/${project}/${kind}/${id}.json`

/** Every file that says something of a backup. */
export const filesOf = (id: string): string[] => [
  `${copyOf(id)}.tar`,
  `${copyOf(id)}.json`,
  stateOf('manifests', id),
  stateOf('backups', id),
]

const json = async <Value>(path: string) => JSON.parse(await onServer('cat', path)) as Value
const writeOn = async (path: string, text: string) => {
  const { code, stderr } = await inside(server, ['sh', '-c', 'cat > "$1"', 'sh', path], {
    input: text,
  })
  if (code !== 0) throw new Error(`${path}: ${stderr}`)
}

/** Puts another dump into a copy, with these changes; answers what a proof must say of each. */
export const changeInside = async (id: string, words: string[], number = 0): Promise<string[]> => {
  const manifest = await json<Manifest>(`${copyOf(id)}.json`)
  const wanted = words.map((what) => changes[what]!(manifest, number))
  await dumpAgain(id, manifest, wanted)
  await publishAgain(id, manifest)
  return wanted.map(({ says }) => says)
}

/** The dump is restored into a server of the same image, changed there, and made again as it was made. */
const dumpAgain = async (id: string, { contents }: Manifest, wanted: Change[]) => {
  const unpack = `rm -rf ${room}; mkdir ${room}; tar -xf "$1" -C ${room}; chmod -R a+rwX ${room}`
  await onServer('sh', '-euc', unpack, 'sh', `${copyOf(id)}.tar`)
  const mounted = ['--volume', `${room}:${room}`, '--workdir', room, '--network', 'none']
  const named = ['--detach', '--rm', '--name', container, '--env', 'POSTGRES_PASSWORD=changed']
  await inside(server, ['docker', 'rm', '--force', '--volumes', container])
  try {
    await onServer('docker', 'run', ...named, ...mounted, contents.image, '-c', 'fsync=off')
    const ready = ['docker', 'exec', container, 'pg_isready', '--host=127.0.0.1', '--quiet']
    const answers = async () => (await inside(server, ready)).code
    await expect.poll(answers, { timeout: 60_000, interval: 250 }).toBe(0)
    await asPostgres('psql -q -d postgres -f globals.sql || true')
    await asPostgres(`createdb --template=template0 ${contents.database}`)
    await asPostgres(`pg_restore --exit-on-error -d ${contents.database} dump`)
    // No trigger of the app's has a say in it.
    const sql = ['SET session_replication_role = replica', ...wanted.map((each) => each.sql)]
    const psql = `psql --quiet --set=ON_ERROR_STOP=1 -d ${contents.database}`
    await asPostgres(psql, `${sql.join(';\n')};\n`)
    const options = Number(process.env['ZARPE_TEST_POSTGRES'] ?? '17') >= 16 ? 'zstd:3' : '4'
    await asPostgres(
      `rm -r dump && pg_dump --format=directory --file=dump --compress=${options} -d ${contents.database}`,
    )
  } finally {
    await inside(server, ['docker', 'rm', '--force', '--volumes', container])
  }
}

const asPostgres = async (line: string, input = ''): Promise<string> => {
  const argv = ['docker', 'exec', '-i', '--user=postgres', container, 'sh', '-c', line]
  const { code, stdout, stderr } = await inside(server, argv, { input, limitMs: 120_000 })
  if (code !== 0) throw new Error(`${line}: ${stderr}`)
  return stdout
}

/** Packs as `backup.take` does, and has the manifest and what the server knows say the new size and hash. */
const publishAgain = async (id: string, manifest: Manifest) => {
  const copy = `${copyOf(id)}.tar`
  const pack = '--sort=name --numeric-owner --owner=0 --group=0'
  const script = `tar -cf "$1" -C ${room} ${pack} .; stat -c %s "$1"; sha256sum < "$1"; rm -r ${room}`
  const [bytes, hash] = (await onServer('sh', '-euc', script, 'sh', copy)).split('\n')
  const file = { bytes: Number(bytes), sha256: hash!.slice(0, 64) }
  const text = `${JSON.stringify({ ...manifest, file }, null, 1)}\n`
  for (const path of [`${copyOf(id)}.json`, stateOf('manifests', id)]) await writeOn(path, text)
  const entry = await json<Entry>(stateOf('backups', id))
  const manifestSha256 = createHash('sha256').update(text).digest('hex')
  const copies = { ...entry.copies, local: { ...entry.copies['local'], ...file } }
  const known = { ...entry, file, manifestSha256, copies, proof: null }
  await writeOn(stateOf('backups', id), `${JSON.stringify(known, null, 2)}\n`)
}
