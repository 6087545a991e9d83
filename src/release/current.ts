import type { Observed, Release } from './model.ts'

/** The release that counts; null before the first, and when its record is lost. */
export const currentRelease = ({
  releases,
  current,
}: Pick<Observed, 'releases' | 'current'>): Release | null =>
  releases.find(({ number }) => number === current) ?? null
