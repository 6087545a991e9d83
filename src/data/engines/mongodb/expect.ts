import type { Expectation } from '../../model.ts'
import { meets } from '../meets.ts'

/** `shop.orders`: what stands before the first point is the database, for its name holds none. */
export const collectionIn = (query: string): { database: string; name: string } | null => {
  const [, database, name] = /^([^.\s/\\"$]+)\.(.+)$/s.exec(query) ?? []
  return database === undefined || name === undefined ? null : { database, name }
}

/** What is not as expected of so many documents each; null where there is no such collection. */
export const unmetIn = (expect: Expectation[], counts: (number | null)[]): string[] =>
  expect.flatMap(({ what, is }, index) => {
    const count = counts[index] ?? null
    if (count !== null && meets(count, is)) return []
    return [`expected of ${what}: ${is}; found: ${count ?? 'no such collection'}`]
  })
