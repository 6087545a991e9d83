import { backupId, datasetOfId } from './catalogue/backup-name.ts'
import type { Backup, Copy, ObservedData, Proof, Retention } from './model.ts'

// Backups as tests need them.

/** A store has the copy. */
export const stored: Copy = { state: 'stored', at: '', bytes: 1, sha256: '', encrypted: false }

/** Retention that keeps nothing by itself. */
export const keepsNothing: Retention = {
  forMs: null,
  last: null,
  daily: null,
  weekly: null,
  monthly: null,
}

export const proofThat = (outcome: Proof['outcome']): Proof => ({
  at: '',
  from: 'local',
  outcome,
  ms: 1,
  differences: [],
})

/** A proven dump of `main` on the server alone, taken at an ISO time, but for what is said of it. */
export const backupAt = (takenAt: string, more: Partial<Backup> = {}): Backup => ({
  id: backupId('main', takenAt),
  project: 'shop-production',
  dataset: 'main',
  kind: 'postgres',
  takenAt,
  reason: 'schedule',
  release: 1,
  file: { bytes: 1, sha256: '' },
  manifestSha256: '',
  summary: { units: 1, unit: 'table', rows: 1, row: 'row' },
  copies: { local: stored },
  proof: proofThat('proven'),
  ...more,
})

/** What a server knows that has these backups and nothing else, but for what is said of it. */
export const observedWith = (
  backups: Backup[],
  more: Pick<ObservedData, 'configured' | 'now'> & Partial<ObservedData>,
): ObservedData => ({
  project: 'shop-production',
  settings: 'f',
  configuredAt: null,
  backups,
  asides: [],
  archives: [],
  replaced: [],
  runs: [],
  ...more,
})

/** As `backupAt`, a full base backup of the history `h`. */
export const baseAt = (takenAt: string, more: Partial<Backup> = {}): Backup => {
  const id = more.id ?? backupId('main-base', takenAt)
  return backupAt(takenAt, {
    id,
    dataset: datasetOfId(id),
    kind: 'cluster',
    summary: { units: 1, unit: 'database', rows: 1, row: 'byte' },
    log: { history: 'h', stoppedAt: takenAt },
    ...more,
  })
}
