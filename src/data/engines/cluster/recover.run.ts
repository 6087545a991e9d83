import { commandIn } from '../../../io/engine/command.ts'
import { removePath, within } from '../../../io/host/files/durable.ts'
import { runOk } from '../../../io/host/processes/process.ts'
import { problemsOf } from '../../../problem/problem.ts'
import type { DataContext, Moment } from '../../engine.ts'
import type { ClusterContents } from '../../held.ts'
import { localStore } from '../../model.ts'
import { endsAsGood, logIn } from '../../wal/ends.ts'
import { askPath, type Feed, type FeedFolders, givePath, withFeed } from '../../wal/feed.run.ts'
import { lastNeeded } from '../../wal/needed.ts'
import { gap, notSentYet } from '../../wal/problems.ts'
import type { Archive } from '../../wal/model.ts'
import { readArchive } from '../../wal/state.run.ts'
import { withClient } from '../client.run.ts'
import { type PostgresDoor, program, withSession } from '../postgres/session.run.ts'
import { clusterPath, layOut, verified } from './lay-out.run.ts'
import { anywhere, lastCommit } from './look.run.ts'
import { endsBefore, notRecovered } from './problems.ts'
import { recoverySettings, scratch } from './settings.ts'
import { untrusted } from './trust.ts'

const longMs = 30 * 60_000
const scratchBytes = 64 * 1024 * 1024

/**
 * A server of the copy's own image that has recovered it in `folder`, to the moment that the context wants, for as long as
 * `act` takes: no network, and the log fetched from the store as it asks for it. `kept`: the folder is whole and on disk
 * afterwards, for a server to begin on. Returns what is not as the copy's own manifest says, or what `act` found.
 */
export const withRecovered = async (
  held: ClusterContents,
  folder: string,
  becomes: 'kept' | 'thrown away',
  context: DataContext,
  act: (door: PostgresDoor) => Promise<string[]>,
): Promise<string[]> => {
  const { project, signal, engine, note } = context
  const { store, to } = context.origin ?? { store: localStore, to: null }
  const strange = untrusted(held)
  if (strange !== null) return [strange]
  await removePath(folder)
  const { dataset, history, logKey } = held
  const archive = { project, dataset, history, ...(logKey === undefined ? {} : { logKey }) }
  const feed = within(context.folder, 'feed')
  // Read before the store is listed: a server that lives archives on, and the list has no more than what is there by then.
  const known = await readArchive(project, dataset)
  return withFeed(archive, store, feed, { signal, note }, async (fed, folders) => {
    const last = lastNeeded(held)
    if (!fed.reaches(last))
      throw store === localStore ? gap(`${store} lacks ${last}.`) : notSentYet(store, last)
    const { user, damage } = await layOut(held, folder, context)
    if (damage.length > 0) return damage
    return withClient(context, clientOf(held, folder, folders), async ({ container }) => {
      const pgdata = within(clusterPath, held.below)
      const env = [`PGHOST=${scratch}`, `PGUSER=${held.user}`, 'PGAPPNAME=zarpe', 'LC_ALL=C']
      const door: PostgresDoor = { engine, container, user, env, signal }
      const harmed = await verified(door, pgdata)
      if (harmed.length > 0) return harmed
      note('every file is as the server’s own manifest says; recovering')
      const isKept = becomes === 'kept'
      await recover(door, { held, store, pgdata, to, isKept, known }, fed, context)
      if (becomes === 'kept') note(lastCommitText(await lastCommit(door)), 'stays')
      const found = await act(door)
      if (becomes === 'kept' && found.length === 0) {
        const stop = ['pg_ctl', 'stop', '--mode=fast', '--wait', '--timeout=1800', '--silent']
        await program(door, [...stop, `--pgdata=${pgdata}`])
        await runOk('sync', ['--file-system', folder], { limitMs: longMs, signal })
      }
      return found
    })
  })
}

const clientOf = ({ image }: ClusterContents, folder: string, { ask, give }: FeedFolders) => ({
  image,
  network: 'none',
  password: null,
  mounts: [
    { Type: 'bind' as const, Source: folder, Target: clusterPath },
    { Type: 'bind' as const, Source: ask, Target: askPath },
    { Type: 'bind' as const, Source: give, Target: givePath, ReadOnly: true },
    {
      Type: 'tmpfs' as const,
      Target: scratch,
      TmpfsOptions: { SizeBytes: scratchBytes, Mode: 0o1777 },
    },
  ],
})

type Recovery = {
  held: ClusterContents
  store: string
  pgdata: string
  to: Moment | null
  isKept: boolean
  /** What was known of the log before it was looked for in the store. */
  known: Archive | null
}

const recover = async (
  door: PostgresDoor,
  recovery: Recovery,
  feed: Feed,
  context: DataContext,
) => {
  const { held, store, pgdata, to, known } = recovery
  const prepare = `echo 'local all all trust' > ${scratch}/hba; : > "$1/recovery.signal"`
  await program(door, ['sh', '-euc', prepare, 'prepare', pgdata])
  const log = logIn(known, held.history)
  const last = (store === localStore ? log?.last : log?.stores[store]?.last) ?? null
  /** As far as there is any log: it must have been all of it. */
  const toTheEnd = async () => {
    const outcome = await follow(door, { ...recovery, to: 'latest' }, feed, context)
    throwIf(feed.problem())
    if (outcome === 'recovered') throwIf(feed.cutShort(last))
    return outcome
  }
  const outcome = to === 'latest' ? await toTheEnd() : await follow(door, recovery, feed, context)
  throwIf(feed.problem())
  if (outcome === 'recovered') return
  if (outcome === 'short') {
    if (!endsAsGood(known, held.history, store, to)) throw endsBefore(to)
    if ((await toTheEnd()) === 'recovered') return
  }
  throw notRecovered(await lastOf(door))
}

const lastCommitText = (at: string | null): string =>
  at === null
    ? 'recovered; the log brought no transaction beyond the base backup'
    : `recovered; the last transaction was committed at ${at}`

const throwIf = (problem: Error | null) => {
  if (problem) throw problem
}

const pollMs = 250
/** Before a server has written its number down it seems not to be there. */
const goneMax = 20

/** Lets the server follow the log. `short`: the log ended before the time that was wanted. */
const follow = async (
  door: PostgresDoor,
  { held, pgdata, to, isKept }: Recovery,
  feed: Feed,
  { note, signal, now }: DataContext,
): Promise<'recovered' | 'short' | 'failed'> => {
  const options = recoverySettings({ to, isKept, prepared: held.prepared }).join(' ')
  // What an earlier try has said says nothing of this one.
  await program(door, ['sh', '-euc', `: > ${scratch}/log`])
  await program(door, [
    ...['pg_ctl', 'start', '--no-wait', '--silent', `--pgdata=${pgdata}`],
    ...[`--log=${scratch}/log`, `--options=${options} -c data_directory='${pgdata}'`],
  ])
  let [given, since, gone] = [feed.given(), now(), 0]
  for (;;) {
    if (feed.given() !== given) {
      ;[given, since] = [feed.given(), now()]
      note(`${given} file${given === 1 ? '' : 's'} of the log read`)
    }
    if (await serves(door)) return 'recovered'
    gone = (await runs(door, pgdata)) ? 0 : gone + 1
    const isShort = gone > 0 && (await lastOf(door)).some((line) => tooEarly.test(line))
    if (isShort) return 'short'
    if (gone > goneMax || now() - since > longMs) return 'failed'
    signal.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

const tooEarly = /before configured recovery target/

/** Nobody is let in before the recovery is over. */
const serves = (door: PostgresDoor): Promise<boolean> =>
  withSession(door, anywhere, async (session) => {
    const [row] = await session.rows<{ recovers: boolean }>(
      'SELECT pg_catalog.pg_is_in_recovery() AS recovers',
    )
    return row?.recovers === false
  }).catch((error: unknown) => {
    if (problemsOf(error).length === 0) throw error
    return false
  })

const runs = async ({ engine, container, user, signal }: PostgresDoor, pgdata: string) => {
  const argv = ['pg_ctl', 'status', `--pgdata=${pgdata}`]
  return (await commandIn(engine, container, { argv, user, signal })).code === 0
}

const lastOf = async ({ engine, container, user, signal }: PostgresDoor): Promise<string[]> => {
  const argv = ['tail', '-n', '12', `${scratch}/log`]
  const { stdout } = await commandIn(engine, container, { argv, user, signal })
  return stdout.split('\n').filter((line) => line !== '' && !/DETAIL|CONTEXT|STATEMENT/.test(line))
}
