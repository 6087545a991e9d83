import { silenceOf } from '../../alerts/silence.ts'
import { healthOf } from '../../data/health/judge.ts'
import { minuteOf } from '../../problem/minute.ts'
import type { JournalState } from '../../plan/journal.ts'
import { currentRelease } from '../../release/current.ts'
import type { Observed, ObservedService, Release, ReleasedService } from '../../release/model.ts'
import type { ServiceReport, StatusFacts, StatusReport } from './model.ts'

const dayMs = 86_400_000

/** Sets what should be beside what is. Pure: the screen, `--json` and alerts tell the same. */
export const reportOf = (facts: StatusFacts): StatusReport => {
  const { observed } = facts
  const current = currentRelease(observed)
  const services = (current?.services ?? []).map((service) => serviceReport(facts, service))
  const certificates = certificatesOf(facts, current)
  const uncertified = uncertifiedOf(observed, current)
  const strays = straysOf(observed)
  const run = runOf(observed)
  const edge = edgeOf(observed, current)
  const backups = healthOf(observed.data, facts.readAt)
  const alerts = silenceOf(observed.alerts)
  const ok =
    current !== null &&
    services.every((service) => isWell(service.state) && service.drift.length === 0) &&
    certificates.every((each) => each.daysLeft > 7) &&
    uncertified.length === 0 &&
    edge !== 'down' &&
    strays.length === 0 &&
    backups.every(({ trouble }) => trouble.length === 0) &&
    alerts.length === 0 &&
    facts.migrations.every(({ applied }) => applied.every(({ failed }) => failed.length === 0)) &&
    (run === null || run.state === 'under-way')
  return {
    project: observed.project,
    release: current && {
      number: current.number,
      since: current.finishedAt ?? current.createdAt,
      by: current.by,
      revision: current.git?.revision ?? null,
    },
    services,
    strays,
    certificates,
    uncertified,
    late: lateOf(observed, current),
    edge,
    run,
    failed: failedOf(observed),
    backups,
    alerts,
    migrations: facts.migrations,
    machine: facts.machine,
    ok,
  }
}

/** The last release, if it failed: it was taken back, and nobody may have seen why. */
const failedOf = ({ releases }: Observed): StatusReport['failed'] => {
  const last = releases.toSorted((left, right) => right.number - left.number)[0]
  if (last?.state !== 'failed') return null
  const { number, by, problem } = last
  return { number, by, at: last.finishedAt ?? last.createdAt, problem }
}

/** Whether a service does what it should, as far as can be seen. */
export const isWell = (state: ServiceReport['state']) => state === 'healthy' || state === 'running'

const serviceReport = (facts: StatusFacts, wanted: ReleasedService): ServiceReport => {
  const seen = facts.observed.services.find((service) => service.name === wanted.swarmService)
  const base = { service: wanted.service, release: Number(wanted.spec.Labels['zarpe.release']) }
  if (!seen)
    return {
      ...base,
      state: 'missing',
      running: 0,
      wanted: wanted.replicas,
      restarts: 0,
      memoryBytes: 0,
      cpuPercent: 0,
      imageAgeDays: null,
      drift: ['its Swarm service was removed'],
    }
  const running = seen.tasks.filter(
    (task) => task.state === 'running' && task.desired === 'running',
  )
  const uses = running.flatMap((task) => facts.usage[task.container ?? ''] ?? [])
  const image = facts.images[seen.image]
  const ownCheck = wanted.spec.TaskTemplate.ContainerSpec.Healthcheck?.Test?.[0]
  const isChecked = ownCheck ? ownCheck !== 'NONE' : (image?.hasHealthcheck ?? false)
  return {
    ...base,
    state: stateOf(running.length, wanted.replicas, isChecked),
    running: running.length,
    wanted: wanted.replicas,
    restarts: restartsOf(seen),
    memoryBytes: uses.reduce((sum, use) => sum + use.memoryBytes, 0),
    cpuPercent: uses.reduce((sum, use) => sum + use.cpuPercent, 0),
    imageAgeDays: image
      ? Math.max(0, Math.floor((Date.parse(facts.readAt) - Date.parse(image.createdAt)) / dayMs))
      : null,
    drift: driftOf(seen, wanted),
  }
}

const stateOf = (running: number, wanted: number, isChecked: boolean) => {
  if (running >= wanted) return isChecked ? 'healthy' : 'running'
  return running > 0 ? 'degraded' : 'down'
}

const restartsOf = (service: ObservedService) =>
  service.tasks.filter(
    (task) =>
      task.createdAt >= service.updatedAt &&
      (task.state === 'failed' || (task.state === 'complete' && task.desired === 'shutdown')),
  ).length

const driftOf = (seen: ObservedService, wanted: ReleasedService) => [
  ...(seen.hash === wanted.hash ? [] : ['it is another version than the release says']),
  ...(seen.replicas === wanted.replicas
    ? []
    : [`replicas: ${seen.replicas} instead of ${wanted.replicas}`]),
  ...seen.drift.map((path) => `changed by hand: ${path}`),
]

const straysOf = (observed: Observed) => {
  const known = new Set(
    observed.releases.flatMap((release) => [
      ...release.services.map((service) => service.swarmService),
      ...(release.migration ? [release.migration.swarmService] : []),
    ]),
  )
  return observed.services.filter((service) => !known.has(service.name)).map(({ name }) => name)
}

const domainsOf = (current: Release | null) =>
  new Set(current?.routes.map((route) => route.domain) ?? [])

const certificatesOf = (facts: StatusFacts, current: Release | null) => {
  const domains = domainsOf(current)
  return facts.observed.edge.certificates
    .filter((each) => domains.has(each.domain))
    .map((each) => ({
      ...each,
      daysLeft: Math.floor((Date.parse(each.notAfter) - Date.parse(facts.readAt)) / dayMs),
    }))
}

/** Each domain is served over HTTPS alone: without a certificate nobody gets in. An edge that is down shows none. */
const uncertifiedOf = ({ edge }: Observed, current: Release | null): string[] => {
  const known = new Set([...edge.certificates.map(({ domain }) => domain), ...edge.late])
  return edge.running ? [...domainsOf(current)].filter((each) => !known.has(each)) : []
}

const lateOf = ({ edge }: Observed, current: Release | null): string[] => {
  const domains = domainsOf(current)
  return edge.late.filter((each) => domains.has(each))
}

const edgeOf = (observed: Observed, current: Release | null) => {
  if (!current || current.routes.length === 0) return 'unused'
  return observed.edge.running ? 'running' : 'down'
}

const runOf = (observed: Observed): StatusReport['run'] => {
  const { lock, lastRun } = observed
  if (lock)
    return {
      state: 'under-way',
      text: `${lock.by} has been running "zarpe ${lock.verb}" since ${minuteOf(lock.since)} UTC`,
    }
  if (!lastRun || lastRun.outcome === 'done') return null
  if (lastRun.outcome === 'interrupted') {
    const open = observed.releases.some((release) => release.state === 'starting')
    const settled = !open && lastRun.plan.steps.length === lastRun.doneIds.length
    return settled ? null : { state: 'interrupted', text: cutText(lastRun) }
  }
  return null
}

const cutText = (run: JournalState) => {
  const where = run.plan.steps.find((step) => step.id === run.cutAt)
  const at = where ? ` at "${where.kind} ${where.target}"` : ''
  return `"${run.plan.title}" was cut short${at} (${run.doneIds.length} of ${run.plan.steps.length} steps done)`
}
