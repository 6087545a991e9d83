import type { Located } from '../../config/places.ts'
import type { Config } from '../../config/schema.ts'
import { parseStoreUrl } from '../../config/stores.ts'
import { rateOf } from './rate.ts'
import { assert } from '../../problem/assert.ts'
import type { ProblemData } from '../../problem/problem.ts'
import type { StoreSettings } from '../store.ts'

/**
 * The stores of a zarpe.yml that `checkConfig` let through, with their secrets, which are values of the environment. They
 * are only of use when there is no problem. No value is in a problem.
 */
export const storesOf = (
  located: Located,
  config: Config,
  environment: string,
  values: Record<string, string>,
): { stores: StoreSettings[]; problems: ProblemData[] } => {
  const problems: ProblemData[] = []
  const stores = Object.keys(config.stores).map((name): StoreSettings => {
    const value = (key: Key) => {
      const variable = config.stores[name]![key]
      if (variable === undefined) return null
      const found = Object.hasOwn(values, variable) ? values[variable]! : ''
      if (found.trim() === '') problems.push(unset(located, environment, name, key, variable))
      return found
    }
    const store = config.stores[name]!
    return { ...settingsOf(name, store, value), ...rateOf(store) }
  })
  return { stores, problems }
}

type Key = 'password' | 'key' | 'access_key' | 'secret_key'

const settingsOf = (
  name: string,
  store: Config['stores'][string],
  value: (key: Key) => string | null,
): StoreSettings => {
  const address = parseStoreUrl(store.url)
  assert(typeof address !== 'string', `the address of ${name} was not checked`)
  if (address.kind === 'local') return { name, ...address }
  if (address.kind === 'sftp')
    return {
      name,
      ...address,
      password: value('password'),
      key: value('key'),
      hostKey: store.host_key ?? '',
    }
  return {
    name,
    ...address,
    endpoint: store.endpoint ?? '',
    region: store.region ?? '',
    accessKeyId: value('access_key') ?? '',
    secretAccessKey: value('secret_key') ?? '',
  }
}

const unset = (
  located: Located,
  environment: string,
  name: string,
  key: Key,
  variable: string,
): ProblemData => ({
  code: 'config/store-value',
  summary: 'A variable that a store needs has no value.',
  detail: `\`stores.${name}.${key}\` names ${variable}, which has no value in "${environment}".`,
  place: located.placeOf(['stores', name, key]),
  fix: [
    `zarpe --env ${environment} env set ${variable}`,
    `zarpe --env ${environment} secrets set ${variable}`,
  ],
})
