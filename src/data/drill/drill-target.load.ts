import { loadConfig } from '../../app/app.load.ts'
import { chosenEnvironment } from '../../app/environment.ts'
import type { Context } from '../../cli/context.ts'
import { knownMachine } from '../../io/ssh/machines.ts'
import { parseTarget } from '../../io/ssh/target.ts'
import { withProject } from '../../release/session.command.ts'
import type { DrillTarget } from './drill-target.ts'

/** Looks at the server that was named for a drill, before anything is done to it. */
export const lookAtTarget = async (context: Context, on: string): Promise<DrillTarget> => {
  let seen: Omit<DrillTarget, 'own'> | null = null
  const there = { ...context, options: { ...context.options, server: on } }
  await withProject(there, ({ connection, observed }) => {
    seen = { target: on, machine: connection.greeting.machine, observed }
    return Promise.resolve()
  })
  // After it was met: a server that is named as the environment's own is known by then at the latest.
  return { ...seen!, own: await ownMachines(context) }
}

/** The machines behind the names of this environment, as far as this one has seen them. */
const ownMachines = async (context: Context): Promise<string[]> => {
  const { config } = await loadConfig(context.folder)
  const { servers } = config.environments[chosenEnvironment(config, context.options.env)]!
  const { server } = context.options
  const targets = [...servers.map((name) => config.servers[name]!), ...(server ? [server] : [])]
  const known = await Promise.all(targets.map((target) => knownMachine(parseTarget(target))))
  return known.filter((machine) => machine !== null)
}
