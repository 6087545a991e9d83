import { quoted } from './sql.ts'

/**
 * Of what `pg_dumpall --globals-only` wrote, the statements that make these roles. The others are left
 * out: they would give roles that are there the passwords and rights that they had at the backup. What
 * psql takes for a command of its own is none of them.
 */
export const rolesOnly = (globals: string, names: string[]): string => {
  const wanted = new Set(names.flatMap((name) => [name, quoted(name)]))
  return globals
    .split('\n')
    .filter((line) => wanted.has(roleOf(line) ?? '') && !line.includes('\\'))
    .map((line) => `${line}\n`)
    .join('')
}

const name = String.raw`"(?:[^"]|"")+"|[^\s";]+`
const ofRole = new RegExp(`^(?:CREATE|ALTER) ROLE (${name})(?: .*)?;$`)
const granted = new RegExp(`^GRANT (?:${name}) TO (${name})(?: .*)?;$`)

/** The role that a line makes, alters or gives a membership; null for anything else. */
const roleOf = (line: string): string | null =>
  (ofRole.exec(line) ?? granted.exec(line))?.[1] ?? null
