import type { Release } from '../model.ts'
import type { ReleaseWanted } from './order.plan.ts'

// A release of what is there already: one that a rollback brings back, or that is scaled.

/** Who asks for it and when, by which words it is told, and what zarpe.yml says of releases. */
export type AnewOptions = {
  by: string
  at: string
  title: string
  healthyWithinMs: number
  keep: number
}

/** The record of a release that takes over from another what it does not change. */
export const anew = (
  { withoutBackup: _itsOwn, dataBackTo: _itsToo, ...from }: Release,
  number: number,
  { by, at }: AnewOptions,
): Release => ({
  ...from,
  number,
  state: 'starting',
  createdAt: at,
  finishedAt: null,
  by,
  migration: null,
  rollbackTo: null,
  problem: null,
})

/** It brings nothing, and what is not of the release stays as it is. */
export const nothingNew = ({ healthyWithinMs, keep }: AnewOptions): ReleaseWanted => ({
  migration: null,
  services: [],
  secrets: [],
  data: 'as it is',
  alerts: 'as it is',
  provision: [],
  settings: { healthyWithinMs, watchMs: 0, keep },
})
