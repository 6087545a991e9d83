import type { AppliedMigration, DatasetMigrations } from '../../data/migrations/model.ts'

/** How many are named where a tool has several branches or parts. */
const namedMax = 3

/** How far each database has been migrated, one line for each tool that has. */
export const migrationLines = (all: DatasetMigrations[]): string[] =>
  all.flatMap(({ dataset, applied }) =>
    applied
      .filter(({ newest }) => newest.length > 0)
      .map((each) => `data ${dataset}: ${each.tool} has applied ${newestText(each)}`),
  )

/** Migrations that did not end well, one line for each. */
export const failedMigrations = (all: DatasetMigrations[]): string[] =>
  all.flatMap(({ dataset, applied }) =>
    applied.flatMap(({ tool, failed }) =>
      failed.map(
        (name) => `data ${dataset}: migration ${shortened(name)} of ${tool} did not end well`,
      ),
    ),
  )

const newestText = ({ newest }: AppliedMigration) => {
  const named = newest
    .slice(0, namedMax)
    .map(({ name, at }) => `${shortened(name)}${at === null ? '' : ` on ${at.slice(0, 16)}`}`)
  const more = newest.length - named.length
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Names come from a database, which may hold anything. */
const shortened = (name: string) => {
  const printable = name.replaceAll(/\p{C}/gu, '?')
  return printable.length > 100 ? `${printable.slice(0, 100)}…` : printable
}
