import type { Priority } from '../model.ts'

/** More than this the disk does not bear. */
const most = 4

/** How many processes data is read or written by, where so many processors are there for it. */
export const processesOf = (jobs: number, cores: number): number =>
  Math.max(jobs, Math.min(most, cores), 1)

/**
 * How many processes a proof may keep busy: as many as the dump, and half of what the machine has. Whatever is left must
 * always be left: on a kernel that lets a process run until its time is over, no low priority helps what serves, and
 * two processes on two cores took half of the transactions of a database.
 */
export const processesBeside = (jobs: number, cores: number): number =>
  processesOf(jobs, Math.floor(cores / 2))

/** How many processes a proof keeps busy. */
export const processesOfProof = (jobs: number, cores: number, priority: Priority): number =>
  (priority === 'normal' ? processesOf : processesBeside)(jobs, cores)
