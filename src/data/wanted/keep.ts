import type { BackupConfig, RetentionConfig } from '../../config/data.ts'
import { parseDuration } from '../../config/units.ts'
import type { ProblemData } from '../../problem/problem.ts'
import { localStore, type Retention } from '../model.ts'
import type { DataSources } from './wanted.ts'

const localDefault = '7d'
const storeDefault = '30d'

/** Every store that is named must be there; a store that nobody names keeps the usual time. */
export const keepOf = (
  { located, config }: Pick<DataSources, 'located' | 'config'>,
  /** Where the rules for backups stand. */
  path: string[],
  backup: Pick<BackupConfig, 'keep'>,
): { rules: Record<string, Retention>; problems: ProblemData[] } => {
  const known = [localStore, ...Object.keys(config.stores)]
  const asked: Record<string, RetentionConfig> =
    backup.keep ??
    Object.fromEntries(
      known.map((store) => [store, store === localStore ? localDefault : storeDefault]),
    )
  const problems = Object.keys(asked)
    .filter((store) => !known.includes(store))
    .map((store): ProblemData => ({
      code: 'config/unknown-store',
      summary: 'zarpe.yml names a store that it does not have.',
      detail: `\`${path.join('.')}.keep\` names "${store}"; there are: ${known.join(', ')}.`,
      place: located.placeOf([...path, 'keep', store], 'key'),
      fix: ['Add it under `stores`, or correct the name.'],
    }))
  // The server's own copy is what others are made of; without a rule the newest alone stays.
  const rules = { [localStore]: { last: 1 }, ...asked }
  return {
    rules: Object.fromEntries(
      Object.entries(rules).map(([store, each]) => [store, retentionOf(each)]),
    ),
    problems,
  }
}

const retentionOf = (rules: RetentionConfig): Retention => {
  const {
    for: time,
    last,
    daily,
    weekly,
    monthly,
  } = typeof rules === 'string' ? { for: rules } : rules
  return {
    forMs: time === undefined ? null : parseDuration(time),
    last: last ?? null,
    daily: daily ?? null,
    weekly: weekly ?? null,
    monthly: monthly ?? null,
  }
}
