import { z } from 'zod'
import { canonical } from '../../plan/fingerprint.ts'

const logLabels = 'com.docker.swarm.service.name'
// A container that crashes would else write its memory into itself, secrets and all.
const noCoreDumps = { core: { Name: 'core', Soft: 0, Hard: 0 } }
// Engines from 29 on give containers 1,024 open files, too few for a server under load.
const openFiles = { nofile: { Name: 'nofile', Soft: 65_536, Hard: 524_288 } }
/** Every form in which `setup` has written limits; the last one is of an earlier version. */
const ourLimits = new Set(
  [{ ...openFiles, ...noCoreDumps }, noCoreDumps, openFiles].map((each) => canonical(each)),
)
const objectSchema = z.record(z.string(), z.unknown())

/** The engine's configuration as an object, or null if the text is not one. Empty text is `{}`. */
export const parseDaemonJson = (text: string): Record<string, unknown> | null => {
  if (!text.trim()) return {}
  try {
    return objectSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/**
 * The engine's configuration with what Zarpe needs put into what is there; keys that we don't know
 * are kept. `live-restore` goes, because an engine with it refuses to be in a swarm. Options of
 * another log driver go with it, because the engine does not start with options it doesn't know.
 */
export const mergeDaemonJson = (
  there: Record<string, unknown>,
  wanted: { addressPool: string | undefined; raiseLimits: boolean },
): Record<string, unknown> => {
  const { 'live-restore': _unwanted, ...kept } = there
  const options =
    there['log-driver'] === 'journald' ? objectSchema.safeParse(there['log-opts']) : null
  return {
    ...kept,
    'log-driver': 'journald',
    'log-opts': { ...options?.data, labels: logLabels },
    ...(wanted.addressPool && !('default-address-pools' in there)
      ? { 'default-address-pools': [{ base: wanted.addressPool, size: 24 }] }
      : {}),
    ...('default-ulimits' in there
      ? {}
      : { 'default-ulimits': { ...(wanted.raiseLimits ? openFiles : {}), ...noCoreDumps } }),
  }
}

/**
 * The configuration without what `mergeDaemonJson` put into it. A value that somebody changed since
 * is his, and stays. Address pools of the size that we write count as ours.
 */
export const unmergeDaemonJson = (there: Record<string, unknown>): Record<string, unknown> => {
  const options = objectSchema.safeParse(there['log-opts']).data ?? {}
  const isOurLog = there['log-driver'] === 'journald' && options['labels'] === logLabels
  const { labels: _ours, ...otherOptions } = options
  const pools = JSON.stringify(there['default-address-pools'] ?? null)
  return Object.fromEntries(
    Object.entries(there).flatMap(([key, value]): [string, unknown][] => {
      if (key === 'log-driver' && isOurLog) return []
      if (key === 'log-opts' && isOurLog)
        return Object.keys(otherOptions).length > 0 ? [[key, otherOptions]] : []
      if (key === 'default-address-pools' && /^\[\{"base":"[0-9./]+","size":24\}\]$/.test(pools))
        return []
      if (key === 'default-ulimits' && ourLimits.has(canonical(value))) return []
      return [[key, value]]
    }),
  )
}
