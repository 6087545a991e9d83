import { runtimeVersion } from '../../agent/build.ts'
import { installAgent } from '../../agent/install.ts'
import { connect, isNewer } from '../../cli/connect.ts'
import type { Context } from '../../cli/context.ts'
import type { AgentConnection } from '../../io/ssh/connect.ts'
import type { SshTarget } from '../../io/ssh/target.ts'
import type { Greeting } from '../../io/wire/greeting.ts'
import { Problem } from '../../problem/problem.ts'

/** Whoever answers is met; a stranger behind a known name is told in the plan, and asked about. */
const meeting = { acceptNewHostKey: true, anyMachine: true }

/** The agent that answers, whether it was there, is another version, or has to be brought first. */
export const connectInstalling = async (
  context: Context,
  target: SshTarget,
): Promise<AgentConnection> => {
  const { connection, why } = await met(context, target)
  if (connection) return connection
  context.terminal.say(`${target.text} ${why}`)
  await installAgent(target, (text) => {
    context.terminal.emit({ type: 'installing', text })
    context.terminal.say(`  ${text} …`)
  })
  return connect(context.terminal, target.text, meeting)
}

type Met = { connection: AgentConnection; why?: never } | { connection?: never; why: string }

/** The agent, or why one is installed before it can be spoken to. */
const met = async (context: Context, target: SshTarget): Promise<Met> => {
  try {
    const connection = await connect(context.terminal, target.text, meeting)
    if (!isAged(connection.greeting)) return { connection }
    await connection.close()
    return { why: `has an agent on an older runtime than Node ${runtimeVersion}.` }
  } catch (error) {
    const why = error instanceof Problem ? whyInstall(error.data.code) : null
    if (why === null) throw error
    return { why }
  }
}

const isAged = ({ runtime }: Greeting) => runtime !== undefined && isNewer(runtimeVersion, runtime)

/**
 * What an agent's silence means for a set-up, null if no agent helps: one that was damaged is brought anew,
 * however it ended. Where it was the login that failed, bringing it fails in the same words.
 */
export const whyInstall = (code: string): string | null => {
  if (code === 'server/not-set-up') return 'has no agent yet.'
  const isSilent = ['server/agent-broken', 'ssh/no-greeting', 'ssh/failed'].includes(code)
  return isSilent ? 'has an agent that does not answer; it is installed anew.' : null
}
