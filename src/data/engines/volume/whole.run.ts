import type { DataContext, Swap } from '../../engine.ts'
import type { Dataset, VolumeDataset } from '../../model.ts'
import * as files from './restore.run.ts'

// For what keeps its data in a volume of its own, and is restored as a whole folder beside the live one. As it stops,
// the service saves what it held into the folder that went aside.

const swap = (
  dataset: Dataset,
  names: Swap & { beside: string },
  context: DataContext,
): Promise<void> => files.swap(asFiles(dataset, names.live), names, context)

const there = (dataset: Dataset, name: string, context: DataContext) =>
  files.there(asFiles(dataset, liveNameOf(name)), name, context)

const discard = (dataset: Dataset, name: string, context: DataContext) =>
  files.discard(asFiles(dataset, liveNameOf(name)), name, context)

/** What live data in a volume is called, and what a restore beside or aside of it is. */
export const wholeNames = (live: string, at: string) => {
  const time = at.slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase()
  return { live, beside: `${live}_new_${time}`, aside: `${live}_old_${time}` }
}

/** The volume that something beside or aside belongs to, by how `wholeNames` calls it. */
const liveNameOf = (name: string) => name.replace(/_(new|old)_\d{8}t\d{6}(_undone)*$/, '')

const asFiles = (
  { name, at, keep, expect, beforeMigrations }: Dataset,
  volume: string,
): VolumeDataset => ({
  kind: 'volume',
  volume,
  name,
  at,
  keep,
  expect,
  beforeMigrations,
})

/** The part of an engine that every service has whose data is put in place so. */
export const inWholeFolder = {
  swap,
  there,
  discard,
  weighsBy: [] as string[],
  names: ({ volume, service }: { volume: string | null; service: string }, at: string) =>
    wholeNames(volume ?? service, at),
}
