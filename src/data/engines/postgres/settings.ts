import { literal, quoted } from './sql.ts'

export type Setting = { role: string | null; setting: string }
export type Grant = { grantee: string | null; privilege: string; grantable: boolean }

/** Settings whose value is a list that is quoted already; quoting it again would make one name of it. */
const lists = new Set([
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'local_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
])

export const settingStatement = ({ role, setting }: Setting, database: string): string => {
  const cut = setting.indexOf('=')
  const [name, value] = [setting.slice(0, cut), setting.slice(cut + 1)]
  const whom =
    role === null
      ? `DATABASE ${quoted(database)}`
      : `ROLE ${quoted(role)} IN DATABASE ${quoted(database)}`
  const written = lists.has(name) ? value || "''" : literal(value)
  return `ALTER ${whom} SET ${name.split('.').map(quoted).join('.')} TO ${written}`
}

export const grantStatement = ({ grantee, privilege, grantable }: Grant, database: string) =>
  `GRANT ${privilege} ON DATABASE ${quoted(database)} TO ${grantee === null ? 'PUBLIC' : quoted(grantee)}${grantable ? ' WITH GRANT OPTION' : ''}`
