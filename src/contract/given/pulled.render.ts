import { dotenvLine } from '../../app/dotenv-edit.ts'
import type { ByService } from '../methods.ts'

/** Variables that services were given with different values, and which services. */
export type Conflict = { name: string; services: string[] }

export type Pulled = { text: string; count: number; conflicts: Conflict[] }

/**
 * What the services of a release were given, as one environment's file. A name whose value differs
 * between them cannot stand in it once, so it is left out and told.
 */
export const pulledFile = (from: string, services: ByService): Pulled => {
  const values = new Map<string, Set<string>>()
  const users = new Map<string, string[]>()
  for (const [service, given] of Object.entries(services))
    for (const [name, value] of Object.entries(given)) {
      values.set(name, (values.get(name) ?? new Set()).add(value))
      users.set(name, [...(users.get(name) ?? []), service])
    }
  const names = [...values.keys()].toSorted()
  const isClear = (name: string) => values.get(name)!.size === 1
  const conflicts = names
    .filter((name) => !isClear(name))
    .map((name) => ({ name, services: users.get(name)!.toSorted() }))
  const clear = names.filter(isClear)
  const lines = [
    `# What ${from} was given. Secrets: keep this file out of git.`,
    ...conflicts.map(({ name, services: of }) => `# ${name} differs between ${of.join(', ')}`),
    ...clear.map((name) => dotenvLine(name, [...values.get(name)!][0]!)),
  ]
  return { text: `${lines.join('\n')}\n`, count: clear.length, conflicts }
}
