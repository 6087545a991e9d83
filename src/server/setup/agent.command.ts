import { installAgent } from '../../agent/install.ts'
import { runtimeVersionFor } from '../../agent/runtime.ts'
import { connect, isNewer } from '../../cli/connect.ts'
import type { Context } from '../../cli/context.ts'
import type { AgentConnection } from '../../io/ssh/connect.ts'
import type { SshTarget } from '../../io/ssh/target.ts'
import type { Greeting } from '../../io/wire/greeting.ts'
import { Problem } from '../../problem/problem.ts'

/** Whoever answers is met; a stranger behind a known name is told in the plan, and asked about. */
const meeting = { acceptNewHostKey: true, anyMachine: true }

/** An agent that answers, and what is to be said of it beside the plan. */
type Met = { connection: AgentConnection; notes: string[] }

/** The agent that answers, whether it was there, is another version, or has to be brought first. */
export const connectInstalling = async (context: Context, target: SshTarget): Promise<Met> => {
  const there = await met(context, target)
  if ('connection' in there) return renewed(context, target, there.connection)
  await bring(context, target, there.why)
  return { connection: await connect(context.terminal, target.text, meeting), notes: [] }
}

/** The agent, or why one is installed before it can be spoken to. */
const met = async (
  context: Context,
  target: SshTarget,
): Promise<{ connection: AgentConnection } | { why: string }> => {
  try {
    return { connection: await connect(context.terminal, target.text, meeting) }
  } catch (error) {
    const why = error instanceof Problem ? whyInstall(error.data.code) : null
    if (why === null) throw error
    return { why }
  }
}

/**
 * An agent that answers is worth more than a newer runtime: the user for releases may start it and do nothing else as
 * root, so its connection is kept until there is a better one.
 */
const renewed = async (
  context: Context,
  target: SshTarget,
  connection: AgentConnection,
): Promise<Met> => {
  const newer = await newerRuntime(connection.greeting)
  if (newer === null) return { connection, notes: [] }
  try {
    await bring(context, target, `has an agent on an older runtime than Node ${newer}.`)
  } catch (error) {
    if (error instanceof Problem && error.data.code === 'ssh/no-sudo')
      return { connection, notes: [agedNote(connection.greeting, newer)] }
    await connection.close()
    throw error
  }
  await connection.close()
  return { connection: await connect(context.terminal, target.text, meeting), notes: [] }
}

const bring = async ({ terminal }: Context, target: SshTarget, why: string) => {
  terminal.say(`${target.text} ${why}`)
  await installAgent(target, (text) => {
    terminal.emit({ type: 'installing', text })
    terminal.say(`  ${text} …`)
  })
}

const architectures: Record<string, string> = { amd64: 'x64', arm64: 'arm64' }

/** The version that would be sent, if it is newer than what the agent runs on. */
const newerRuntime = async ({ runtime, processor = '' }: Greeting): Promise<string | null> => {
  const arch = architectures[processor]
  if (runtime === undefined || arch === undefined) return null
  const sent = await runtimeVersionFor(arch)
  return isNewer(sent, runtime) ? sent : null
}

const agedNote = ({ runtime }: Greeting, newer: string) =>
  `the agent stays on Node ${runtime}, which this user may not renew: a set-up as root, or as a user who may use sudo, brings ${newer}`

/**
 * What an agent's silence means for a set-up, null if no agent helps: one that was damaged is brought anew,
 * however it ended. Where it was the login that failed, bringing it fails in the same words.
 */
export const whyInstall = (code: string): string | null => {
  if (code === 'server/not-set-up') return 'has no agent yet.'
  const isSilent = ['server/agent-broken', 'ssh/no-greeting', 'ssh/failed'].includes(code)
  return isSilent ? 'has an agent that does not answer; it is installed anew.' : null
}
