import type { AnyStep } from '../plan/kinds.ts'
import type { DataSteps } from './steps.ts'

const minuteMs = 60_000
/** Large databases take hours; a run that hangs must end all the same. */
const dumpLimitMs = 6 * 60 * minuteMs
/** What may be held to a rate. */
const pacedLimitMs = 24 * 60 * minuteMs

/** The steps on data, each made in one place so that its id, limit and danger are decided once. */
export const step = {
  configure: (params: DataSteps['data.configure'], cause: string): AnyStep => ({
    id: 'data.configure',
    kind: 'data.configure',
    target: params.settings.project,
    cause,
    limitMs: minuteMs,
    params,
  }),
  unconfigure: (project: string, cause: string): AnyStep => ({
    id: 'data.unconfigure',
    kind: 'data.unconfigure',
    target: project,
    cause,
    limitMs: minuteMs,
    params: { project },
  }),
  take: (params: DataSteps['backup.take'], cause: string): AnyStep => ({
    id: `backup.take/${params.id}`,
    kind: 'backup.take',
    target: params.id,
    cause,
    limitMs: pacedLimitMs,
    params,
  }),
  prove: (params: DataSteps['backup.prove'], cause: string): AnyStep => ({
    id: `backup.prove/${params.id}`,
    kind: 'backup.prove',
    target: params.id,
    cause,
    limitMs: dumpLimitMs,
    params,
  }),
  send: (params: DataSteps['backup.send'], cause: string): AnyStep => ({
    id: `backup.send/${params.store}/${params.id}`,
    kind: 'backup.send',
    target: `${params.id} → ${params.store}`,
    cause,
    limitMs: pacedLimitMs,
    params,
  }),
  find: (params: DataSteps['backup.find'], cause: string): AnyStep => ({
    id: `backup.find/${params.store}`,
    kind: 'backup.find',
    target: params.store,
    cause,
    limitMs: 10 * minuteMs,
    params,
  }),
  prune: (params: DataSteps['backup.prune'], cause: string): AnyStep => ({
    id: `backup.prune/${params.store}`,
    kind: 'backup.prune',
    target: params.store,
    cause,
    limitMs: 10 * minuteMs,
    params,
  }),
  conclude: (params: DataSteps['backup.conclude']): AnyStep => ({
    id: 'backup.conclude',
    kind: 'backup.conclude',
    target: params.project,
    cause: 'what went wrong on the way is told at the end',
    limitMs: minuteMs,
    params,
  }),
  archive: (params: DataSteps['wal.archive'], cause: string): AnyStep => ({
    id: `wal.archive/${params.dataset}`,
    kind: 'wal.archive',
    target: params.dataset,
    cause,
    limitMs: 30 * minuteMs,
    params,
  }),
  load: (params: DataSteps['restore.load'], cause: string): AnyStep => ({
    id: `restore.load/${params.id}`,
    kind: 'restore.load',
    target: params.id,
    cause,
    limitMs: dumpLimitMs,
    params,
  }),
  swap: (params: DataSteps['restore.swap'], cause: string): AnyStep => ({
    id: `restore.swap/${params.id}`,
    kind: 'restore.swap',
    target: params.live,
    cause,
    limitMs: 5 * minuteMs,
    danger: 'data-loss',
    params,
  }),
  back: (project: string, aside: string, cause: string): AnyStep => ({
    id: `restore.back/${aside}`,
    kind: 'restore.back',
    target: aside,
    cause,
    limitMs: 5 * minuteMs,
    danger: 'data-loss',
    params: { project, aside },
  }),
  discard: (project: string, aside: string, cause: string): AnyStep => ({
    id: `restore.discard/${aside}`,
    kind: 'restore.discard',
    target: aside,
    cause,
    limitMs: 5 * minuteMs,
    danger: 'data-loss',
    params: { project, aside },
  }),
  expect: (project: string, datasets: string[], cause: string): AnyStep => ({
    id: 'data.expect',
    kind: 'data.expect',
    target: datasets.join(', '),
    cause,
    limitMs: 5 * minuteMs,
    params: { project, datasets },
  }),
  provision: (params: DataSteps['data.provision'], cause: string, outage: boolean): AnyStep => ({
    id: `data.provision/${params.wanted.dataset}`,
    kind: 'data.provision',
    target: params.wanted.dataset,
    cause,
    limitMs: 2 * minuteMs,
    // Whoever serves with the former password is refused from then on.
    ...(outage ? { danger: 'downtime' as const } : {}),
    params,
  }),
  passwordsBack: (
    params: DataSteps['data.passwords-back'],
    roles: string[],
    cause: string,
  ): AnyStep => ({
    id: 'data.passwords-back',
    kind: 'data.passwords-back',
    target: roles.join(', '),
    cause,
    limitMs: minuteMs,
    ...(params.release === null ? {} : { danger: 'downtime' as const }),
    params,
  }),
}
