import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemIn } from '../../lab/cli.ts'
import { isSoak } from '../../lab/figures.ts'
import type { Project } from '../../lab/project.ts'
import { wholeOn, withDisks } from './disks.ts'
import { befallen, type FaultName, type Moment, onSmallDisk } from './faults.ts'
import {
  backup,
  backupOk,
  discardAsides,
  expectNoneHalf,
  hostileThere,
  leftovers,
  listed,
  liveDigest,
  newest,
  sql,
} from './ledger.ts'

type Verb = 'now' | 'verify' | 'prune' | 'restore' | 'undo' | 'discard'
type Place = { verb: Verb; kind: string }

/** Every step of whatever touches a backup, or data because of one. */
const places: Place[] = [
  { verb: 'now', kind: 'backup.take' },
  { verb: 'now', kind: 'backup.prove' },
  { verb: 'now', kind: 'backup.send' },
  { verb: 'now', kind: 'backup.prune' },
  { verb: 'now', kind: 'backup.conclude' },
  { verb: 'verify', kind: 'backup.prove' },
  { verb: 'prune', kind: 'backup.prune' },
  { verb: 'restore', kind: 'restore.load' },
  { verb: 'restore', kind: 'restore.swap' },
  { verb: 'undo', kind: 'restore.back' },
  { verb: 'discard', kind: 'restore.discard' },
]

/** After a step and before the next are nearly the same, but for a database that dies: that is not tried twice. */
const names: Record<Moment, FaultName[]> = {
  before: ['the agent is killed', 'the power is cut', 'the database is killed'],
  after: ['the agent is killed', 'the power is cut'],
}

const everyDay = new Set([
  'now: the power is cut before backup.prove',
  'now: the agent is killed before backup.send',
  'undo: the agent is killed after restore.back',
  'discard: the agent is killed before restore.discard',
])

type Case = Place & { moment: Moment; fault: FaultName; name: string }

const cases: Case[] = (['before', 'after'] as const)
  .flatMap((moment) =>
    places.flatMap(({ verb, kind }) =>
      names[moment].map((fault) => {
        const name = `${verb}: ${fault} ${moment} ${kind}`
        return { verb, kind, moment, fault, name }
      }),
    ),
  )
  .filter(({ name }) => isSoak || everyDay.has(name))

/** Before and after each step of a backup, a proof, a restore and its undo something happens to the server. */
export const backupFaults = (ledger: () => Project) => {
  describe('what befalls a server', () => {
    let undoDisks = async () => {}

    beforeAll(async () => {
      await hostileThere()
      undoDisks = await withDisks(ledger(), 'local: 7d, near: { last: 2 }, far: 7d')
    })

    afterAll(() => undoDisks())

    /** A store has what the server says it has, each whole; the newest is among them. */
    const expectStored = async () => {
      const backups = await listed(ledger())
      const last = backups.at(-1)!
      expect(last.copies).toMatchObject({ near: { state: 'stored' }, far: { state: 'stored' } })
      for (const disk of ['near', 'far'] as const) {
        const known = backups.filter(({ copies }) => copies[disk]?.state === 'stored')
        expect(await wholeOn(disk)).toEqual(known.map(({ id }) => id).toSorted())
      }
      await backupOk(ledger(), ['verify', last.id, '--from', 'near'])
    }

    /** Nothing that is not whole counts as whole, live data is what it was, and the next run of the kind cleans up. */
    const expectWhole = async (live: string, verb: Verb) => {
      expect(await liveDigest()).toBe(live)
      await expectNoneHalf(ledger())
      await backupOk(ledger(), [verb])
      expect(await newest(ledger())).toMatchObject({ state: 'proven' })
      expect(await liveDigest()).toBe(live)
      expect(await leftovers()).toEqual([])
      if (verb === 'now') await expectStored()
    }

    /** One of the two is live and the other aside, whole; an undo has them change places again. */
    const expectEither = async (states: [string, string]) => {
      const is = await liveDigest()
      expect(states).toContain(is)
      await backupOk(ledger(), ['undo'])
      expect([is, await liveDigest()].toSorted()).toEqual(states.toSorted())
      expect((await asides()).length).toBe(1)
      expect(await leftovers()).toEqual([])
    }

    const asides = async () =>
      (await backupOk(ledger(), ['asides'])).events.filter(({ type }) => type === 'aside')

    /** It is gone whole, by this run or by the next. */
    const expectDiscarded = async (live: string) => {
      expect(await liveDigest()).toBe(live)
      const next = await backup(ledger(), ['discard'])
      if (next.code !== 0) expect(problemIn(next).code).toBe('data/no-such-aside')
      expect(await asides()).toEqual([])
      expect(await sql("SELECT datname FROM pg_database WHERE datname LIKE 'ledger%'")).toBe(
        'ledger',
      )
      expect(await liveDigest()).toBe(live)
    }

    /** What must be there for a verb to have something to do. */
    const prepare = async (verb: Verb): Promise<string> => {
      const count = async () => (await wholeOn('near')).length
      const isNewNeeded = ['now', 'verify', 'restore'].includes(verb)
      if (isNewNeeded || (await listed(ledger())).length === 0) await take()
      // The store keeps two: of three, one is removed.
      if (verb === 'now' || verb === 'prune')
        for (let made = 0; made < 4 && (await count()) < 3; made++) await take()
      const before = await liveDigest()
      if (verb !== 'undo' && verb !== 'discard') return before
      await backupOk(ledger(), ['restore'])
      await sql(`INSERT INTO public.entries (account, cents) VALUES ('since', 1)`)
      return before
    }

    const take = () => backupOk(ledger(), ['now'])

    it.each(cases.map((each) => [each.name, each] as const))('%s', async (_name, each) => {
      const { verb, kind, moment, fault } = each
      const before = await prepare(verb)
      const live = await liveDigest()
      const { step, result } = await befallen(ledger(), [verb], { moment, kind }, fault)
      expect(step).toContain(kind)
      if (result.code !== 0) expect(problemIn(result).code).toMatch(/^(data|ssh|host|engine)\//)
      if (verb === 'undo') await expectEither([before, live])
      else if (verb === 'discard') await expectDiscarded(live)
      else await expectWhole(live, verb)
      await discardAsides(ledger())
    })

    /** What needs room of the server's own store, and says so; whatever else has room enough elsewhere. */
    const needRoom = new Set(['now backup.take', 'verify backup.prove', 'restore restore.load'])
    const onDisk = places.filter(({ verb }) => ['now', 'verify', 'restore'].includes(verb))

    it.each(onDisk.filter(({ kind }) => isSoak || kind === 'backup.take'))(
      '$verb: the disk fills up before $kind',
      async ({ verb, kind }) => {
        const place = { moment: 'before' as const, kind }
        await onSmallDisk(async () => {
          await prepare(verb)
          const live = await liveDigest()
          const { step, result } = await befallen(ledger(), [verb], place, 'the disk fills up')
          expect(step).toContain(kind)
          if (needRoom.has(`${verb} ${kind}`))
            expect(problemIn(result)).toMatchObject({ code: 'data/disk-full' })
          // A full disk says nothing about a backup.
          if (verb === 'verify') expect(await newest(ledger())).toMatchObject({ state: 'proven' })
          expect(await liveDigest()).toBe(live)
          await backupOk(ledger(), [verb])
          expect(await newest(ledger())).toMatchObject({ state: 'proven' })
          expect(await leftovers()).toEqual([])
        })
        await discardAsides(ledger())
      },
    )
  })
}
