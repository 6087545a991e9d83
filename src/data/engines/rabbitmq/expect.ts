import type { Expectation } from '../../model.ts'
import { meets } from '../meets.ts'
import type { Definition } from './definitions.ts'
import { knownKinds } from './identity.ts'

/** What the user expects and is not so: how many there are of a kind, in all or in one virtual host. */
export const unmetIn = (definitions: Definition[], expect: Expectation[]): string[] =>
  expect.flatMap(({ what, query, is }) => {
    const { kind, vhost } = asked(query)
    const count = definitions.filter(
      (each) => each.kind === kind && (vhost === null || each.vhost === vhost),
    ).length
    return meets(count, is) ? [] : [`expected of ${what}: ${is}; found: ${count}`]
  })

/** Whether `expect` can be asked so: a kind of definition, and a virtual host if one is meant. */
export const canBeAsked = (query: string): boolean => knownKinds.includes(asked(query).kind)

const asked = (query: string): { kind: string; vhost: string | null } => {
  const [kind = '', ...rest] = query.trim().split(/\s+/)
  return { kind, vhost: rest.length > 0 ? rest.join(' ') : null }
}
