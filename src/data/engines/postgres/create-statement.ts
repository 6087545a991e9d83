import type { PostgresContents } from '../../held.ts'
import { literal, quoted } from './sql.ts'

const providers: Record<string, string> = { c: 'libc', i: 'icu', b: 'builtin' }

/**
 * Makes an empty database in a server of that version that sorts and compares text as the one of the backup did. What is
 * not said, the server's own template would have its way with; before 15 there was nothing to say.
 */
export const createStatement = (
  name: string,
  { owner, encoding, locale }: Pick<PostgresContents, 'owner' | 'encoding' | 'locale'>,
  version: number,
): string => {
  const { provider, collate, ctype, rules } = locale
  const localeWord = provider === 'i' ? 'ICU_LOCALE' : 'BUILTIN_LOCALE'
  const parts = [
    `OWNER ${quoted(owner)}`,
    'TEMPLATE template0',
    `ENCODING ${literal(encoding)}`,
    `LC_COLLATE ${literal(collate)}`,
    `LC_CTYPE ${literal(ctype)}`,
    ...(version >= 150_000 ? [`LOCALE_PROVIDER ${providers[provider] ?? 'libc'}`] : []),
    ...(locale.locale ? [`${localeWord} ${literal(locale.locale)}`] : []),
    ...(rules ? [`ICU_RULES ${literal(rules)}`] : []),
  ]
  return `CREATE DATABASE ${quoted(name)} ${parts.join(' ')}`
}
