import type { ServiceSpec } from '../../io/engine/types.ts'

/** Parts of a spec that the engine rewrites by itself, or that a scale is told apart by. */
const ignored = [
  /^Mode\b/,
  /\.Secrets\.\d+\.SecretID$/,
  /^TaskTemplate\.Networks\.\d+\.Target$/,
  /^TaskTemplate\.ForceUpdate$/,
]

/**
 * Paths at which a service on the engine differs from what was asked for. What the engine adds as
 * defaults is not a difference. Values are never part of the answer: they may be secret.
 */
export const driftOf = (asked: ServiceSpec, present: ServiceSpec): string[] =>
  differences(asked, present, '').filter((path) => !ignored.some((each) => each.test(path)))

const differences = (asked: unknown, present: unknown, path: string): string[] => {
  if (Array.isArray(asked)) {
    if (!Array.isArray(present) || present.length !== asked.length)
      return asked.length > 0 || present ? [path] : []
    return asked.flatMap((each, index) => differences(each, present[index], joined(path, index)))
  }
  if (asked && typeof asked === 'object')
    return Object.entries(asked).flatMap(([key, value]) =>
      differences(
        value,
        (present as Record<string, unknown> | undefined)?.[key],
        joined(path, key),
      ),
    )
  if (present === undefined && sinceLater.test(path)) return []
  return isSame(asked, present) ? [] : [path]
}

/** Fields that older engines do not know and drop: the start interval came with Engine 25. */
const sinceLater = /\.Healthcheck\.StartInterval$/

/** The engine leaves out what is false, zero or empty. */
const isSame = (asked: unknown, present: unknown) =>
  asked === present || (present === undefined && (asked === false || asked === 0 || asked === ''))

const joined = (path: string, key: string | number) => (path ? `${path}.${key}` : String(key))
