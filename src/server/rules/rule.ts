import type { AnyStep, StepParams } from '../../plan/kinds.ts'
import type { Facts, SetupSettings } from '../model.ts'
import type { ServerSteps } from '../steps.ts'

/** One thing that must be true of a server. Pure: compares facts, answers the steps still needed. */
export type Rule = {
  id: string
  /** One sentence for the user: what this is good for. */
  why: string
  wanted: (facts: Facts, settings: SetupSettings) => AnyStep[]
  /** Why something does not apply here, or what the user should know. */
  notes?: (facts: Facts, settings: SetupSettings) => string[]
}

const limitsMs: Record<keyof ServerSteps, number> = {
  'server.packages': 600_000,
  'server.package-source': 120_000,
  'server.hold': 60_000,
  'server.file': 30_000,
  'server.unit': 120_000,
  'server.sysctl': 30_000,
  'server.swap-file': 300_000,
  'server.user': 60_000,
  'server.swarm': 120_000,
  'server.firewall': 60_000,
  'server.sshd': 60_000,
  'server.confirm': 60_000,
  'server.remove-path': 60_000,
  'server.remove-unit': 120_000,
  'server.remove-user': 60_000,
  'server.unhold': 60_000,
  'server.leave-swarm': 120_000,
  'server.remove-edge': 60_000,
}

/** A step of this room; its id is its kind and target, which is unique and stable in a plan. */
export const serverStep = <Kind extends keyof ServerSteps>(
  kind: Kind,
  target: string,
  cause: string,
  params: StepParams[Kind],
  danger?: 'downtime',
): AnyStep =>
  ({
    id: `${kind}:${target}`,
    kind,
    target,
    cause,
    limitMs: limitsMs[kind],
    ...(danger ? { danger } : {}),
    params,
  }) as AnyStep

/** A step for those of the packages that are not there, if any. */
export const missingPackages = (facts: Facts, names: string[], cause: string): AnyStep[] => {
  // Half installed ones are finished by the rule that comes first.
  const there = new Set([...facts.packages, ...facts.brokenPackages])
  const install = names.filter((name) => !there.has(name))
  return install.length === 0
    ? []
    : [serverStep('server.packages', install.join(' '), cause, { install })]
}

/** A step that writes the file, unless it is there with the same content and mode. */
export const wantedFile = (
  facts: Facts,
  file: ServerSteps['server.file'],
  cause: string,
): AnyStep[] => {
  const there = facts.files[file.path]
  const same = there?.content === file.content && there.mode === file.mode
  return same && there.owner === 'root' ? [] : [serverStep('server.file', file.path, cause, file)]
}

/**
 * A step that enables and starts the unit, unless it is both. One that began before its file was
 * changed (in this plan, or in a run that was cut) is restarted.
 */
export const wantedUnit = (
  facts: Facts,
  name: string,
  cause: string,
  file?: { path: string; isPlanned: boolean },
  danger?: 'downtime',
): AnyStep[] => {
  const unit = facts.units[name]
  if (unit?.active !== 'active' || unit.enabled !== 'enabled')
    return [serverStep('server.unit', name, cause, { name, action: 'enable-now' }, danger)]
  if (!file || (!file.isPlanned && !isOlder(facts, name, file.path))) return []
  return [serverStep('server.unit', name, cause, { name, action: 'restart' }, danger)]
}

/** Whether a unit still runs with what a file said before it was changed; not if it doesn't run. */
export const isOlder = (facts: Facts, name: string, path: string): boolean => {
  const startedAt = facts.units[name]?.startedAt ?? 0
  return startedAt > 0 && startedAt < (facts.files[path]?.changedAt ?? 0)
}
