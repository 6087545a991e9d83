import { Problem } from '../../problem/problem.ts'
import { type Backup, localStore } from '../model.ts'
import { stateOf, storesOf } from '../catalogue/state.ts'

// A base backup may have only what has changed since another one. What a restore needs of it is a chain: the full one
// first, then each that builds on the one before, itself last. Every other backup is a chain of one.

/** Of the chain of a backup what is known, itself last; `isAll`: back to a full one. */
const known = (backups: Backup[], backup: Backup): { chain: Backup[]; isAll: boolean } => {
  const chain = [backup]
  for (;;) {
    const id = chain[0]!.log?.after
    if (id === undefined) return { chain, isAll: true }
    const before = backups.find((each) => each.id === id)
    // A catalogue that leads forwards in time, or in a ring, is none.
    if (!before || before.takenAt >= chain[0]!.takenAt) return { chain, isAll: false }
    chain.unshift(before)
  }
}

/** The chain of a backup; null if one of those that it builds on is not known. */
const knownChain = (backups: Backup[], backup: Backup): Backup[] | null => {
  const { chain, isAll } = known(backups, backup)
  return isAll ? chain : null
}

/** What a restore of a backup needs, the full one first. Throws a `Problem` where one of them is not known. */
export const chainOf = (backups: Backup[], backup: Backup): Backup[] => {
  const chain = knownChain(backups, backup)
  if (chain) return chain
  throw new Problem({
    code: 'data/broken-chain',
    summary: 'A base backup has only what has changed since one that is not known.',
    detail: `${backup.id} builds on ${backup.log?.after}, which leads to no full one that the server knows.`,
    fix: [
      'zarpe backup find <store>    # a store may have what is missing',
      'zarpe backup list    # choose another one',
    ],
  })
}

/** The stores that have everything a restore of a backup needs. */
export const storesWith = (backups: Backup[], backup: Backup): string[] => {
  const chain = knownChain(backups, backup)
  return storesOf(backup).filter((store) => chain?.every((each) => storesOf(each).includes(store)))
}

/** Whether a backup can be restored, by all that is known: some store has its chain, and no link of it is a bad one. */
export const isWhole = (backups: Backup[], backup: Backup): boolean =>
  storesWith(backups, backup).length > 0 &&
  (knownChain(backups, backup)?.every((each) => stateOf(each) !== 'failed') ?? false)

/** The store to take a copy from: the server's own while it has all that is needed. */
export const nearestStore = (backups: Backup[], backup: Backup): string => {
  const stores = storesWith(backups, backup)
  return stores.includes(localStore) ? localStore : (stores[0] ?? localStore)
}

/** Backups take turns: one of the same time of day may begin a little earlier than that of the week before. */
const waitMs = 3_600_000

/** How the base backups of a dataset follow each other. */
export type Between = { fullEveryMs: number; are: 'differential' | 'incremental' }

/**
 * The base backup that the next one may build on; null where that must be a full one: none has been taken of this history,
 * the last full one is too old, the newest is not proven, or a store lacks a part of the chain and is not to be sent it.
 */
export const toBuildOn = (
  backups: Backup[],
  wanted: Between & { dataset: string; history: string; stores: string[]; now: number },
): Backup | null => {
  const { dataset, history, stores, now, fullEveryMs, are } = wanted
  const own = backups
    .filter((each) => each.dataset === dataset && each.log?.history === history)
    .toSorted((left, right) => (left.id < right.id ? 1 : -1))
  const [newest] = own
  // One of a clock that was ahead would be newer than what builds on it.
  if (!newest || stateOf(newest) !== 'proven' || Date.parse(newest.takenAt) >= now) return null
  const full = own.find(({ log }) => log?.after === undefined)
  if (!full || now - Date.parse(full.takenAt) >= fullEveryMs - waitMs) return null
  const base = are === 'differential' ? full : newest
  const chain = knownChain(backups, base) ?? []
  const isGood =
    chain[0] === full &&
    chain.every((each) => stateOf(each) === 'proven') &&
    storesWith(backups, base).includes(localStore) &&
    // A store that refused one of them is sent it again; one that was never sent it, will not be.
    stores.every((store) => chain.every(({ copies }) => copies[store] !== undefined))
  return isGood ? base : null
}

/** Those of a dataset's backups without which one of `kept` could not be restored from a store. */
export const neededFor = (backups: Backup[], kept: Backup[]): Set<Backup> =>
  new Set(kept.flatMap((backup) => known(backups, backup).chain))
