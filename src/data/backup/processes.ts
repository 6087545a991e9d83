/** More than this the disk does not bear. */
const most = 4

/**
 * How many processes a proof may keep busy: as many as the dump, and half of what the machine has. Whatever is left must
 * always be left: on a kernel that lets a process run until its time is over, no low priority helps what serves, and
 * two processes on two cores took half of the transactions of a database.
 */
export const processesBeside = (jobs: number, cores: number): number =>
  Math.max(jobs, Math.min(most, Math.floor(cores / 2)), 1)
