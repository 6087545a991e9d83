import { createHash } from 'node:crypto'
import type { RestoreNames } from '../../restore/restore.plan.ts'

/** The longest name that PostgreSQL does not cut; what it cuts may be the name of something else. */
const nameBytesMax = 63
const undoneWord = '_undone'
/** `_new_20260131t030000` and what an undo adds to it. */
const addedBytes = 20 + undoneWord.length

/** What a restore calls what it makes beside a database, and what it puts aside. */
export const restoreNamesOf = (database: string, at: string): RestoreNames => {
  const time = at.slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase()
  const name = (word: string) => `${shortened(database)}_${word}_${time}`
  return { live: database, beside: name('new'), aside: name('old') }
}

/** A name that is too long is told apart from others that begin as it does. */
const shortened = (database: string): string => {
  const max = nameBytesMax - addedBytes
  if (Buffer.byteLength(database) <= max) return database
  const hash = createHash('sha256').update(database).digest('hex').slice(0, 8)
  let short = database
  while (Buffer.byteLength(short) > max - hash.length - 1) short = short.replace(/.$/su, '')
  return `${short}_${hash}`
}
