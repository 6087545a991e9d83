import { loadConfig } from '../../app/app.load.ts'
import { chosenEnvironment } from '../../app/environment.ts'
import type { Context } from '../../cli/context.ts'

/**
 * The server that a verb about machines means: what was named behind it (an address, or a name from
 * zarpe.yml), else `--server` or its variable, else the environment's own. Without a zarpe.yml a name is
 * an address.
 */
export const serverNamed = async (context: Context, named: string | undefined): Promise<string> => {
  if (named && /[@:]/.test(named)) return named
  if (!named && context.options.server) return context.options.server
  const { config } = await loadConfig(context.folder).catch((error: unknown) => {
    if (named) return { config: null }
    throw error
  })
  if (!config) return named!
  if (named) return config.servers[named] ?? named
  const environment = chosenEnvironment(config, context.options.env)
  return config.servers[config.environments[environment]!.servers[0]!]!
}
