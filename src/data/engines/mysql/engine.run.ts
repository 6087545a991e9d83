import { namesIn, readText, within } from '../../../io/host/files/durable.ts'
import { runOk } from '../../../io/host/processes/process.ts'
import type { DataContext, DataEngine, Loss } from '../../engine.ts'
import type { MysqlContents } from '../../held.ts'
import type { Expectation, MysqlDataset } from '../../model.ts'
import { workPath } from '../places.ts'
import { requiredVolume, volumeAt } from '../mounted.ts'
import { liveService } from '../service.run.ts'
import { ownAs, placeOf, refuseOther } from '../volume/place.run.ts'
import { inWholeFolder } from '../volume/whole.run.ts'
import { mysqlDifferences } from './compare.ts'
import { extract } from './extract.run.ts'
import { look, outlineOf } from './look.run.ts'
import { dataFolder } from './place.ts'
import { awaitEnded, withRestored } from './scratch.run.ts'
import {
  type MysqlDoor,
  type MysqlSession,
  runFile,
  unmet,
  withLive,
  withSession,
} from './session.run.ts'
import { quoted } from './sql.ts'
import { take, usersName } from './take.run.ts'
import { removeOthers } from './users.run.ts'

const prove = (
  held: MysqlContents,
  expectations: Expectation[],
  context: DataContext,
): Promise<string[]> =>
  withRestored(held, within(context.folder, 'scratch'), context, async (door) => {
    const lines = [
      ...mysqlDifferences(held, await look(door, held, context)),
      ...(await unmet(door, expectations)),
    ]
    // Last of all, for nobody is let in afterwards as before.
    await withSession(door, (session) => restoreUsers(door, session, context))
    return lines
  })

/** Accounts and rights as they were, and none beside. */
const restoreUsers = async (door: MysqlDoor, session: MysqlSession, { folder }: DataContext) => {
  const statements = (await readText(within(folder, usersName))) ?? ''
  await runFile(door, `${workPath}/${usersName}`)
  await removeOthers(session, statements)
}

/** A whole data folder beside the live one, made by a server that has restored the dump and was compared. */
const load = async (
  { service: name }: MysqlDataset,
  held: MysqlContents,
  beside: string,
  context: DataContext,
): Promise<string[]> => {
  const service = await liveService(context, name)
  const volume = requiredVolume(volumeAt(service.mounts, dataFolder), name, dataFolder)
  refuseOther(held.volume, volume)
  const place = await placeOf(volume, context)
  const folder = place.beside(beside)
  const source = { ...held, image: service.image, args: service.args }
  const differences = await withRestored(source, folder, context, async (door) => {
    const lines = mysqlDifferences(held, await look(door, held, context))
    if (lines.length > 0) return lines
    // The session is there before its own password changes.
    await withSession(door, async (session) => {
      await restoreUsers(door, session, context)
      await session.run('SHUTDOWN').catch(() => undefined)
    })
    await awaitEnded(door)
    return []
  })
  if (differences.length > 0) return differences
  await takeAlong(place.live, folder, context)
  await ownAs(place.live, folder, context)
  return []
}

const copyLimitMs = 60_000

/** What MySQL keeps beside the data and is the server's own: what `SET PERSIST` has set, and what its clients know it by. */
const takeAlong = async (from: string, to: string, { signal }: DataContext) => {
  const names = (await namesIn(from)).filter((name) => /^mysqld-auto\.cnf$|\.pem$/.test(name))
  for (const name of names)
    await runOk('cp', ['--archive', '--', within(from, name), to], { limitMs: copyLimitMs, signal })
}

const weigh = (dataset: MysqlDataset, held: MysqlContents, context: DataContext): Promise<Loss[]> =>
  withLive(dataset, context, (door) =>
    withSession(door, async (session) => {
      const { tables } = await outlineOf(session)
      const then = new Map(held.tables.map(({ schema, name, rows }) => [`${schema}.${name}`, rows]))
      const losses: Loss[] = []
      for (const { schema, name } of tables) {
        const what = `${schema}.${name}`
        const query = `SELECT COUNT(*) FROM ${quoted(schema)}.${quoted(name)}`
        const rowsNow = Number((await session.rows(query))[0]?.[0] ?? 0)
        losses.push({ what, rowsNow, rowsThen: then.get(what) ?? 0 })
        then.delete(what)
      }
      return [...losses, ...[...then].map(([what, rowsThen]) => ({ what, rowsNow: 0, rowsThen }))]
    }),
  )

const expect = (
  dataset: MysqlDataset,
  expectations: Expectation[],
  context: DataContext,
): Promise<string[]> => withLive(dataset, context, (door) => unmet(door, expectations))

/** MariaDB and MySQL as a service, with the programs of its own image. */
export const mysql: DataEngine<MysqlDataset, MysqlContents> = {
  take,
  prove,
  load,
  ...inWholeFolder,
  weigh,
  expect,
  extract,
  summary: ({ tables }) => ({
    units: tables.length,
    unit: 'table',
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    row: 'row',
  }),
}
