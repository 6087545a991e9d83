import { loadConfig } from '../app/app.load.ts'
import { chosenEnvironment } from '../app/environment.ts'
import { connect } from '../cli/connect.ts'
import type { Context } from '../cli/context.ts'
import { parseDuration } from '../config/units.ts'
import type { AgentConnection } from '../io/ssh/connect.ts'
import { inspectProject } from './methods.ts'
import type { Observed, Product } from './model.ts'
import { projectName } from './names.ts'
import { refuseOther } from './product.ts'

export type ServerSession = {
  connection: AgentConnection
  title: string
  project: string
  product: Product
  config: { healthyWithinMs: number; keep: number }
}

export type ProjectSession = ServerSession & { observed: Observed }

/** For verbs that act on what is on the server and need neither the Compose file nor a build. */
export const withServer = async (
  context: Context,
  act: (session: ServerSession) => Promise<void>,
): Promise<void> => {
  const { config } = await loadConfig(context.folder)
  const environment = chosenEnvironment(config, context.options.env)
  const server = config.environments[environment]!.servers[0]!
  const target = context.options.server ?? config.servers[server]!
  const connection = await connect(context.terminal, target)
  try {
    await act({
      connection,
      project: projectName(config.app, environment),
      product: { app: config.app, environment },
      title: `${config.app} (${environment}) on ${server}`,
      config: {
        healthyWithinMs: parseDuration(config.release.healthy_within)!,
        keep: config.release.keep,
      },
    })
  } finally {
    await connection.close()
  }
}

/** As `withServer`, with everything about the project already read. */
export const withProject = (
  context: Context,
  act: (session: ProjectSession) => Promise<void>,
): Promise<void> =>
  withServer(context, async (session) => {
    const { observed } = await session.connection.wire.call(inspectProject, {
      project: session.project,
      references: [],
      images: [],
    })
    refuseOther(observed, session.product)
    await act({ ...session, observed })
  })
