import type { DatabaseConfig } from '../../config/data.ts'
import type { ProblemData } from '../../problem/problem.ts'
import type { DataSources } from '../wanted/wanted.ts'
import type { ProvisionWanted, RoleWanted } from './model.ts'

type Found<Result> = { found: Result[]; problems: ProblemData[] }

/** What the databases of the app must have beside their data, or everything that is wrong with how it is asked for. */
export const provisionWanted = (sources: DataSources): Found<ProvisionWanted> => {
  const { found, problems } = joined(
    Object.entries(sources.config.databases).map(([name, database]) =>
      ofDatabase(sources, name, database),
    ),
  )
  return { found, problems: [...problems, ...twoPasswords(sources, found)] }
}

/** Roles are of a server, whichever of its databases names them: each deploy would set one password after the other. */
const twoPasswords = ({ located }: DataSources, all: ProvisionWanted[]): ProblemData[] => {
  const known = new Map<string, string>()
  return all.flatMap(({ dataset, source, roles }) =>
    roles.flatMap(({ name, password }) => {
      const key = JSON.stringify([source.service, name])
      const former = known.get(key) ?? password
      known.set(key, former)
      if (former === password) return []
      const path = ['databases', dataset, 'provision', 'roles', name, 'password']
      return [{ ...roleTwice(name, source.service), place: located.placeOf(path) }]
    }),
  )
}

const roleTwice = (role: string, service: string): ProblemData => ({
  code: 'config/role-twice',
  summary: 'A role cannot have two passwords.',
  detail: `"${role}" is one role of all databases of service "${service}", and here it is given another password than before.`,
  fix: ['Give it the same variable in each of them, or call it differently in one.'],
})

const ofDatabase = (
  sources: DataSources,
  dataset: string,
  { postgres, provision }: DatabaseConfig,
): Found<ProvisionWanted> => {
  // A service that the Compose file does not have is told of where the dataset is made of it.
  if (!provision || !postgres || !('service' in postgres)) return { found: [], problems: [] }
  const { service, database = null } = postgres
  const roles = joined(
    Object.entries(provision.roles).map(([name, role]) => {
      const path = ['databases', dataset, 'provision', 'roles', name, 'password']
      return roleOf(sources, path, { name, ...role })
    }),
  )
  const wanted: ProvisionWanted = {
    dataset,
    source: { from: 'service', service, database },
    extensions: [...new Set(provision.extensions)],
    owner: provision.owner ?? null,
    roles: roles.found,
  }
  const place = sources.located.placeOf(['databases', dataset, 'provision'], 'key')
  const early =
    !Object.hasOwn(sources.compose.services, service) || keepsData(sources, service)
      ? []
      : [{ ...startsLate(service), place }]
  return { found: [wanted], problems: [...early, ...roles.problems] }
}

/** Only a service that keeps data is there before the migration. */
const keepsData = ({ config, compose }: DataSources, service: string): boolean =>
  config.services[service]?.stateful ??
  (compose.services[service]?.volumes ?? []).some(({ type, source }) => type === 'volume' && source)

const startsLate = (service: string): ProblemData => ({
  code: 'config/provision-of-stateless',
  summary: 'A database that keeps no data cannot be provisioned.',
  detail: `Service "${service}" has no named volume: each release would begin it anew, beside the one before.`,
  fix: [
    'Give the service a named volume for its data in the Compose file.',
    `Or say that it keeps data: services: { ${service}: { stateful: true } }`,
  ],
})

const roleOf = (
  { values, located }: DataSources,
  path: string[],
  { password: variable, ...role }: RoleWanted,
): Found<RoleWanted> => {
  const password = Object.hasOwn(values, variable) ? values[variable]! : ''
  if (/^[\x20-\x7e]+$/.test(password)) return { found: [{ ...role, password }], problems: [] }
  const place = located.placeOf(path)
  const fix = [`zarpe env set ${variable}`]
  const problem: ProblemData =
    password === ''
      ? {
          code: 'config/no-database-password',
          summary: 'A variable that a database needs has no value.',
          detail: `\`${variable}\` has no value in this environment.`,
          place,
          fix,
        }
      : {
          code: 'config/bad-role-password',
          summary: 'A password cannot be given to a role.',
          detail: `\`${variable}\` holds more than printable ASCII, which programs send to PostgreSQL in different ways.`,
          place,
          fix,
        }
  return { found: [], problems: [problem] }
}

const joined = <Result>(parts: Found<Result>[]): Found<Result> => ({
  found: parts.flatMap(({ found }) => found),
  problems: parts.flatMap(({ problems }) => problems),
})
