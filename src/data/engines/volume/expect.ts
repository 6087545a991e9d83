import type { Expectation } from '../../model.ts'
import { meets } from '../meets.ts'

type Named = { name: string; kind: string }

/** What is not as expected of a tree: each expectation names a file or folder, and how many files it holds. */
export const unmetIn = (entries: Named[], expect: Expectation[]): string[] =>
  expect.flatMap(({ what, query, is }) => {
    const path = query.replace(/^\.?\/+|\/+$/g, '')
    const count = entries.filter(({ name, kind }) => {
      const isFile = kind === 'file' || kind === 'link'
      return isFile && (path === '' || path === '.' || name === path || name.startsWith(`${path}/`))
    }).length
    return meets(count, is) ? [] : [`expected of ${what}: ${is}; found: ${count}`]
  })
