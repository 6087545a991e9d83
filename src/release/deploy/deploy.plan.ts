import { refuseTaken } from '../../edge/taken.ts'
import type { Plan } from '../../plan/plan.ts'
import { basisOf } from '../basis.ts'
import { currentRelease } from '../current.ts'
import { edgeAppOf } from '../edge-app.ts'
import type { Observed, Release, Wanted } from '../model.ts'
import { nextNumber } from '../names.ts'
import { backupsBefore, isWithoutBackup } from '../phases/migrate.plan.ts'
import { releaseSteps, repairSteps } from '../phases/order.plan.ts'
import { refuseOther } from '../product.ts'
import { dropCut } from '../recover/abort.plan.ts'
import { mendCommit } from '../recover/mend.plan.ts'
import { notesOf } from './notes.ts'
import { recordOf } from './record.ts'
import { wantedHash } from './wanted.ts'

/** From the server as it is to what is wanted. A release that was cut short is taken up or dropped. */
export const planDeploy = (wanted: Wanted, seen: Observed, at: string): Plan => {
  refuseOther(seen, wanted.product)
  refuseTaken(seen.edge.apps, edgeAppOf(wanted))
  const { mendSteps, observed } = mendCommit(seen)
  const current = currentRelease(observed)
  const cut = observed.releases.find((release) => release.state === 'starting') ?? null
  const hash = wantedHash(wanted)
  const frame = { verb: 'deploy', scope: observed.project, basis: basisOf(seen) }

  if (!cut && current?.wanted === hash) {
    const steps = [...mendSteps, ...repairSteps(wanted, observed, current)]
    const title = `release ${current.number} of ${wanted.title} is what is wanted`
    return { ...frame, title, steps, notes: [] }
  }

  const resumed = cut?.wanted === hash ? cut : null
  const dropped = cut && !resumed ? cut : null
  const number = resumed?.number ?? nextNumber(observed)
  const recorded = withJobOf(resumed, recordOf(wanted, current, number, at))
  // By the server's clock: names of backups sort by time, whatever the laptop's says.
  const backups = backupsBefore(wanted, observed, recorded, observed.data.now)
  const isBare = isWithoutBackup(wanted, observed, recorded)
  const release: Release = {
    ...recorded,
    backups: backups.ids,
    ...(isBare ? { withoutBackup: true } : {}),
  }
  const { dropSteps, base } = dropped
    ? dropCut(observed, 'cut short, then replaced')
    : { dropSteps: [], base: observed }
  return {
    ...frame,
    title: `release ${number} of ${wanted.title}`,
    steps: [
      ...mendSteps,
      ...dropSteps,
      ...releaseSteps(wanted, base, release, current, { steps: backups.steps, after: base }),
    ],
    notes: notesOf(wanted, observed, release, { dropped, resumed }),
  }
}

/** A migration that was begun goes on under the name it has, as a former version may have given it: it must not run twice. */
const withJobOf = (resumed: Release | null, release: Release): Release =>
  resumed?.migration && release.migration
    ? {
        ...release,
        migration: { ...release.migration, swarmService: resumed.migration.swarmService },
      }
    : release
