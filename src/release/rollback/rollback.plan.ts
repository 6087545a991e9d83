import { passwordsBackTo } from '../../data/provision/provision.plan.ts'
import type { Plan } from '../../plan/plan.ts'
import { Problem } from '../../problem/problem.ts'
import { dropCut } from '../recover/abort.plan.ts'
import { basisOf } from '../basis.ts'
import { currentRelease } from '../current.ts'
import { type DataBack, dataBack, refuseUndone, undoneFor } from './data-back.plan.ts'
import { changesBetween, contentOf } from '../records/changes.ts'
import { anew, type AnewOptions, nothingNew } from '../phases/anew.ts'
import { unansweredNotes } from '../phases/edge.plan.ts'
import { releaseSteps } from '../phases/order.plan.ts'
import { mendCommit } from '../recover/mend.plan.ts'
import { nextNumber } from '../names.ts'
import type { Observed, Release, ReleasedService } from '../model.ts'

export type RollbackOptions = AnewOptions & {
  /** The release to bring back; null means the one before the current. */
  to: number | null
  /** Backups that go back with it, and what is known of the loss; null to leave the data as it is. */
  data: { restores: DataBack[]; notes: string[] } | null
}

/** Brings an earlier release back as a new one: the same Swarm services, woken from rest. */
export const planRollback = (seen: Observed, options: RollbackOptions): Plan => {
  const { mendSteps, observed } = mendCommit(seen)
  const current = currentRelease(observed)
  const target = rollbackTarget(observed, options.to)
  refuseUndone(observed, target, false)
  const { dropSteps, base } = dropCut(observed, 'cut short, then rolled back')
  const number = nextNumber(observed)
  const release: Release = {
    ...anew(target, number, options),
    changes: changesBetween(current, target),
    rollbackTo: target.number,
    ...(options.data && options.data.restores.length > 0 ? { dataBackTo: target.number } : {}),
  }
  const back = dataBack(base, release, current, options)
  return {
    verb: 'rollback',
    title: `release ${number} of ${options.title}, as it was in release ${target.number}`,
    scope: observed.project,
    basis: basisOf(seen),
    steps: [
      ...mendSteps,
      ...dropSteps,
      ...releaseSteps(nothingNew(options), base, release, current, {
        steps: [...back.steps, ...passwordsBackTo(observed.data, target.number, number)],
        after: back.base,
      }),
    ],
    notes: [
      ...release.changes.map((change) => `change: ${change}`),
      ...unansweredNotes(release),
      ...(options.data?.notes ?? [
        'the data stays as it is; a migration that has run is not undone (--with-data undoes it)',
      ]),
    ],
  }
}

/** The release that a rollback brings back: the one named, or the one before the current. */
export const rollbackTarget = (observed: Observed, to: number | null): Release => {
  const current = currentRelease(observed)
  const possible = observed.releases.filter((release) => release.state === 'retired')
  const found =
    to === null ? before(possible, current, observed) : possible.find(({ number }) => number === to)
  if (found) return found
  throw to === null ? noneBefore(possible, current, observed) : notKept(possible, to)
}

/** After a rollback, "the one before" is the one before that which was brought back. */
const before = (possible: Release[], current: Release | null, observed: Observed) => {
  const origin = originOf(observed, current)
  return possible.findLast(
    (release) => release.number < origin && (!current || contentOf(release) !== contentOf(current)),
  )
}

/** The number by which what serves came first: a scaling of what a rollback has brought back is still that. */
const originOf = ({ releases }: Observed, current: Release | null): number => {
  if (!current) return 0
  const content = contentOf(current)
  const since = releases
    .filter(({ number, state }) => number <= current.number && state !== 'failed')
    .toReversed()
  const others = since.findIndex((release) => contentOf(release) !== content)
  const same = others < 0 ? since : since.slice(0, others)
  return same.find(({ rollbackTo }) => rollbackTo !== null)?.rollbackTo ?? current.number
}

const runs = ({ replicas }: ReleasedService) => replicas > 0

const numbersOf = (releases: Release[]) => releases.map(({ number }) => number).join(', ')

const notKept = (possible: Release[], to: number) =>
  new Problem({
    code: 'config/no-such-release',
    summary: 'There is no such release to go back to.',
    detail: `Release ${to} is not kept on the server; kept are: ${numbersOf(possible) || 'none'}.`,
    fix: ['zarpe releases'],
  })

/** Any release that is kept can be brought back by its number, also one that is passed over without. */
const noneBefore = (possible: Release[], current: Release | null, observed: Observed) => {
  const origin = originOf(observed, current)
  const usable = possible.filter((release) => !undoneFor(observed, release, false))
  const same = usable.filter(({ number }) => number < origin)
  const back = current?.rollbackTo ? `, which release ${current.number} brought back` : ''
  const choice = same.length > 0 ? same : usable
  // Nobody is led to one of which a service would not run at all.
  const newest = choice.findLast(({ services }) => services.every(runs)) ?? choice.at(-1)
  return new Problem({
    code: 'config/none-before',
    summary: 'No other release came before this one.',
    detail:
      same.length > 0
        ? `Those kept from before run what runs now; at most the number of tasks differs: ${numbersOf(same)}.`
        : `None is kept from before release ${origin}${back}; kept are: ${numbersOf(possible) || 'none'}.`,
    fix: ['zarpe releases', ...(newest ? [`zarpe rollback ${newest.number}`] : [])],
  })
}
