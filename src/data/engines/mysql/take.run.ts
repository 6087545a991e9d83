import { setTimeout as sleep } from 'node:timers/promises'
import { removePath, within, writeDurable } from '../../../io/host/files/durable.ts'
import { compressFile } from '../../../io/host/files/tree.ts'
import { Problem } from '../../../problem/problem.ts'
import type { DataContext } from '../../engine.ts'
import type { MysqlBegunWith, MysqlContents } from '../../held.ts'
import type { MysqlDataset } from '../../model.ts'
import { workPath } from '../places.ts'
import { volumeAt } from '../mounted.ts'
import { heldTo } from '../rate.run.ts'
import { dataFolder } from './place.ts'
import { countTables, definitionsOf, type Outline, outlineOf } from './look.run.ts'
import {
  type MysqlDoor,
  type MysqlSession,
  openSession,
  runDump,
  withLive,
  withSession,
} from './session.run.ts'
import { begunQuery, begunWithQuery, sizesQuery } from './sql.ts'
import { readUsers } from './users.run.ts'

export const dumpName = 'dump.sql.zst'
export const usersName = 'users.sql'

const hash = 'sha256'

/** Dumps every database of a server, and counts and digests all tables in the same snapshot. */
export const take = (dataset: MysqlDataset, context: DataContext): Promise<MysqlContents> =>
  withLive(dataset, context, async (door, service) => {
    const outline = await withSession(door, outlineOf)
    const begunWith = await withSession(door, begunWithOf)
    const before = await definitionsOf(door, outline.schemas, context)
    const { tables, users, version } = await atOneMoment(door, outline, dataset.rate, context)
    // Definitions have no snapshot: they must have stood still.
    if ((await definitionsOf(door, outline.schemas, context)) !== before) throw unsteady()
    const plain = within(context.folder, 'dump.sql')
    context.note('the dump is written; it is compressed')
    await compressFile(plain, within(context.folder, dumpName), context.signal)
    await removePath(plain)
    await writeDurable(within(context.folder, usersName), users)
    return {
      kind: 'mysql',
      service: dataset.service,
      version,
      image: service.image,
      args: service.args,
      begunWith,
      volume: volumeAt(service.mounts, dataFolder),
      schemas: outline.schemas,
      hash,
      tables,
      definitionsSha256: before,
      loose: outline.tables
        .filter(({ engine }) => !/^innodb$/i.test(engine))
        .map(({ schema, name, engine }) => ({ schema, name, engine })),
      rounded: outline.tables.flatMap(({ schema, name, columns }) =>
        columns
          .filter(({ type }) => type === 'float')
          .map((column) => ({ schema, name, column: column.name })),
      ),
    }
  })

const begunWithOf = async (session: MysqlSession): Promise<MysqlBegunWith> => {
  const [[names, page] = []] = await session.rows(begunWithQuery)
  return { 'lower-case-table-names': names ?? '0', 'innodb-page-size': page ?? '16384' }
}

const pollMs = 100
const pollsMax = 150

/**
 * Writers are held for the moment in which both the dump and the session that counts begin; what each of them then
 * sees is the same, and the writers go on.
 */
const atOneMoment = async (
  door: MysqlDoor,
  outline: Outline,
  rate: number | undefined,
  context: DataContext,
) => {
  const [holder, counter] = [await openSession(door), await openSession(door)]
  try {
    const known = [await idOf(holder), await idOf(counter)]
    await holder.run('FLUSH TABLES WITH READ LOCK')
    await counter.run('START TRANSACTION WITH CONSISTENT SNAPSHOT')
    const { engine, note } = context
    const { container } = door.client
    const dumped = heldTo(rate, { engine, container, note }, () => dump(door, outline, context))
    dumped.catch(() => undefined)
    await awaitBegun(holder, begunQuery(known), dumped)
    await holder.run('UNLOCK TABLES')
    const afterTable = rate === undefined ? undefined : await waiting(holder, context)
    const [ended, counted] = await Promise.allSettled([
      dumped,
      countTables(counter, { ...outline, hash }, context.note, afterTable),
    ])
    if (ended.status === 'rejected') throw ended.reason
    if (counted.status === 'rejected') throw counted.reason
    return {
      tables: counted.value,
      users: await readUsers(holder),
      version: (await holder.rows('SELECT VERSION()'))[0]?.[0] ?? '',
    }
  } finally {
    await Promise.all([holder.close(), counter.close()])
  }
}

/** The next table is begun when the last one would have been read at the pace that is asked for. */
const waiting = async (session: MysqlSession, { pace, signal }: DataContext) => {
  const found = await session.rows(sizesQuery)
  const sizes = new Map(found.map(([schema, name, bytes]) => [`${schema}\0${name}`, Number(bytes)]))
  return async ({ schema, name }: { schema: string; name: string }) =>
    pace?.(sizes.get(`${schema}\0${name}`) ?? 0, signal)
}

const idOf = async (session: MysqlSession) =>
  (await session.rows('SELECT CONNECTION_ID()'))[0]?.[0] ?? '0'

/**
 * Waits until a query that counts begun dumps answers more than none, or the dump is over: a small one may be before
 * anybody has seen it begin. Nothing is asked of the session afterwards. A dump that fails is thrown at once.
 */
export const awaitBegun = async (
  session: Pick<MysqlSession, 'rows'>,
  query: string,
  dumped: Promise<unknown>,
): Promise<void> => {
  const isOver = dumped.then(() => true)
  for (let poll = 0; poll < pollsMax; poll++) {
    const [row] = await session.rows(query)
    if (Number(row?.[0] ?? 0) > 0) return
    if (await Promise.race([isOver, sleep(pollMs, false)])) return
  }
  throw unsteady()
}

const dump = async (door: MysqlDoor, { schemas, tables }: Outline, { folder }: DataContext) => {
  if (schemas.length === 0) return writeDurable(within(folder, 'dump.sql'), '')
  const what = ['--single-transaction', '--quick', '--routines', '--events', '--triggers']
  const how = [
    '--hex-blob',
    '--no-tablespaces',
    '--skip-dump-date',
    '--default-character-set=utf8mb4',
  ]
  const to = `--result-file=${workPath}/dump.sql`
  // The history of tables that have one; MariaDB before 10.11 cannot dump it, and says so.
  const history = tables.some(({ versioned }) => versioned) ? ['--dump-history'] : []
  await runDump(door, [...what, ...how, ...history, to, '--databases', ...schemas])
}

const unsteady = () =>
  new Problem({
    code: 'data/unsteady',
    summary:
      'The database changed its tables while a backup was taken, or could not be held still.',
    detail:
      'Definitions were made, changed or removed meanwhile, or the dump did not begin in time.',
    fix: ['Take it again when no migration runs: zarpe backup now'],
  })
