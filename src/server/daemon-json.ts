import { z } from 'zod'

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
    'log-opts': { ...options?.data, labels: 'com.docker.swarm.service.name' },
    ...(wanted.addressPool && !('default-address-pools' in there)
      ? { 'default-address-pools': [{ base: wanted.addressPool, size: 24 }] }
      : {}),
    // Engines from 29 on give containers 1,024 open files, too few for a server under load.
    ...(wanted.raiseLimits && !('default-ulimits' in there)
      ? { 'default-ulimits': { nofile: { Name: 'nofile', Soft: 65_536, Hard: 524_288 } } }
      : {}),
  }
}
