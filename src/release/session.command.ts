import { executePlan, type ExecuteResult, runNotice } from '../agent/methods.ts'
import { loadApp, type Loaded } from '../app/app.load.ts'
import type { Context } from '../cli/context.ts'
import { connect } from '../cli/connect.ts'
import { exitCodes } from '../cli/exit.ts'
import { drawRun } from '../cli/progress.ts'
import type { AgentConnection } from '../io/ssh/connect.ts'
import type { Registry } from '../io/registry/serve.ts'
import { explain } from '../plan/explain.ts'
import type { Plan } from '../plan/plan.ts'
import { Problem } from '../problem/problem.ts'
import { readGit } from './git.load.ts'
import { builtBefore, imagesFor } from './images.ts'
import { buildHere, buildThere } from './build.command.ts'
import { laptopBuilder } from './builder.ts'
import { inspectProject } from './methods.ts'
import type { Observed } from './model.ts'
import { openRegistry, referencesOf } from './prepare.load.ts'
import { openTunnel } from './tunnel.load.ts'
import { type Wanted, wantedOf } from './wanted.ts'

/** What a release verb works with: the connection is closed and the registry with it at the end. */
export type Session = {
  connection: AgentConnection
  registry: Registry
  loaded: Loaded
  wanted: Wanted
  observed: Observed
}

/** What `plan` and `deploy` may be told beside zarpe.yml. */
export type SessionOptions = {
  buildOn?: 'laptop' | 'server'
  /** False to keep the images of the current release: for new values alone. */
  build: boolean
}

/** The server a verb acts on: `--server`, or the environment's own. */
export const serverOf = (context: Context, loaded: Loaded) => {
  const server = loaded.app.servers[0]!
  return { name: server.name, target: context.options.server ?? server.target }
}

/** Loads, builds, connects and inspects; then does `act`. What serves has not changed before. */
export const withSession = async (
  context: Context,
  options: SessionOptions,
  act: (session: Session) => Promise<void>,
): Promise<void> => {
  const loaded = await loadApp(context.folder, context.options.env)
  const server = serverOf(context, loaded)
  const registry = await openRegistry()
  const isThere = options.build && (options.buildOn ?? loaded.app.buildOn) === 'server'
  const tunnel = isThere ? await openTunnel() : null
  const connecting = connect(context.terminal, server.target, {
    forwardPort: registry.port,
    ...(tunnel ? { socket: tunnel } : {}),
  })
  // No build goes on for a server that cannot be reached; why it cannot is told below.
  const unreachable = new AbortController()
  connecting.catch(() => unreachable.abort())
  try {
    const build = async () => {
      if (!options.build) return {}
      if (tunnel) return buildThere(context, loaded, await connecting, tunnel)
      return buildHere(context, loaded, laptopBuilder(registry.port, unreachable.signal))
    }
    const built = await build().catch(async (error: unknown) => {
      if (unreachable.signal.aborted) await connecting
      throw error
    })
    const connection = await connecting
    const { observed, resolved, hashKey } = await connection.wire.call(inspectProject, {
      project: loaded.app.project,
      references: referencesOf(loaded.app),
      images: Object.values(built).map((image) => image.reference),
    })
    const current = observed.releases.find(({ number }) => number === observed.current) ?? null
    const own = options.build ? built : builtBefore(loaded.app, current)
    const images = imagesFor(loaded.app, own, resolved)
    const git = options.build ? await readGit(context.folder) : (current?.git ?? null)
    const from = { git, by: context.by, server: server.name, hashKey }
    const wanted = wantedOf(loaded.app, images, from)
    await act({ connection, registry, loaded, wanted, observed })
  } finally {
    await connecting.then((connection) => connection.close()).catch(() => undefined)
    await registry.close()
    if (tunnel) await tunnel.remove()
  }
}

/** Shows a plan as it will be asked about. */
export const showPlan = (context: Context, plan: Plan, notes: string[] = []) => {
  const { terminal } = context
  terminal.emit({
    type: 'planned',
    title: plan.title,
    notes: [...plan.notes, ...notes],
    steps: plan.steps.map(({ params: _hidden, ...step }) => step),
  })
  for (const line of explain(plan)) terminal.say(line)
  for (const note of notes) terminal.say(terminal.dim(`  note: ${note}`))
}

/** Runs a plan on the server, drawing it live. Throws the step's problem if it failed. */
export const runPlan = async (
  context: Context,
  connection: AgentConnection,
  plan: Plan,
): Promise<void> => {
  const draw = drawRun(context.terminal)
  const leave = () => leaveRun(context, plan)
  process.once('SIGINT', leave)
  connection.wire.onNotice(runNotice, (event) =>
    event.type === 'plan' ? draw.plan(event.title, event.steps) : draw.event(event),
  )
  try {
    const result = await connection.wire.call(executePlan, {
      plan,
      by: context.by,
      shipSocket: connection.socketPath,
    })
    if (result.outcome === 'failed') throw failed(result)
  } catch (error) {
    throw lost(error, plan)
  } finally {
    process.off('SIGINT', leave)
    draw.end()
  }
}

/** Ctrl-C ends the watching, not the run, which is the server's by now. */
const leaveRun = (context: Context, plan: Plan) => {
  context.terminal.say(
    `\nThe server goes on with "${plan.title}": it completes or puts things back.`,
  )
  context.terminal.say('  → zarpe status    # says which')
  process.exit(exitCodes.interrupted)
}

const failed = (result: Extract<ExecuteResult, { outcome: 'failed' }>) => {
  const after = {
    'nothing-to-do': 'Nothing had to be put back.',
    done: 'What was begun has been taken back; what served before is serving.',
    failed: 'Putting things back failed too: run the command again, it converges.',
  }[result.reverted]
  return new Problem({ ...result.problem, detail: `${result.problem.detail} ${after}` })
}

/** A cut connection says nothing about the run: the server finishes what it started. */
const lost = (error: unknown, plan: Plan) => {
  if (!(error instanceof Error) || !/closed|disposed|cancelled/i.test(error.message)) return error
  if (error instanceof Problem) return error
  return new Problem(
    {
      code: 'ssh/lost',
      summary: 'The connection was lost while the server was at work.',
      detail: `"${plan.title}" goes on there without this machine: it completes or puts things back.`,
      fix: ['zarpe status    # says which', `zarpe ${plan.verb}    # converges in any case`],
    },
    { cause: error },
  )
}
