import type { ProblemData } from '../../problem/problem.ts'
import { storesOf } from '../catalogue/state.ts'
import { type Backup, localStore } from '../model.ts'

/**
 * What a proof that ended with a problem says: nothing; that the backup cannot be restored; that the copy is bad, or that
 * the server's own is, which another store has too.
 */
export type Unproven = 'nothing' | 'bad-backup' | 'bad-copy' | 'spare-own-copy'

/** How far a proof had come: of the chain, which one it was reading, and whether all of them were open. */
export type Reached = { backup: Backup; reading: Backup; from: string; isOpen: boolean }

/** What is to be made of a problem; what an earlier proof has found stands where this one may be the machine's. */
export const unproven = (problem: ProblemData, reached: Reached): Unproven => {
  const { backup, reading, from, isOpen } = reached
  // What it builds on is a backup of its own: what is wrong there says nothing of this one.
  const isOfEarlier = reading.id !== backup.id && problem.code === 'data/damaged'
  if (isOfEarlier || isAboutCopy(problem, reading, from)) {
    // The server's own copy comes from nowhere else: a bad one would only take its room.
    if (!isOpen && from === localStore && isElsewhere(reading, from)) return 'spare-own-copy'
    // Past the copy it is about the log, of which each store has its own.
    return !isOpen || reading.proof?.from !== from ? 'bad-copy' : 'nothing'
  }
  return isAboutBackup(problem, backup) ? 'bad-backup' : 'nothing'
}

/** Something is wrong with what one store has of a backup that was proven, and that another store has: the proof stands. */
const isAboutCopy = (problem: ProblemData, backup: Backup, from: string): boolean =>
  /^data\/(damaged|log-gap)$/.test(problem.code) &&
  isProven(backup) &&
  (backup.proof?.from !== from || isElsewhere(backup, from))

const isProven = ({ proof }: Backup) => proof?.outcome === 'proven'

const isElsewhere = (backup: Backup, from: string) =>
  storesOf(backup).some((store) => store !== from)

const isAboutBackup = (problem: ProblemData, backup: Backup): boolean =>
  /^data\/(damaged|log-gap)$/.test(problem.code) ||
  // What was restored once and has not changed since does not fail by itself.
  (/^data\/(not-recovered|program-failed|sql-failed)$/.test(problem.code) &&
    !isProven(backup) &&
    !isOfMachine(problem))

/** A full disk, or a throw-away server that was ended for lack of memory. */
const isOfMachine = ({ detail, evidence = [] }: ProblemData): boolean =>
  [detail, ...evidence].some((line) =>
    /no space left|out of memory|exited 137|signal 9|closed the connection unexpectedly|in recovery mode|lost connection to/i.test(
      line,
    ),
  )
