import { ownBuild, ownProgram } from '../agent/build.ts'
import { upgradeAgent } from '../agent/methods.ts'
import { type AgentConnection, connectAgent, type ConnectOptions } from '../io/ssh/connect.ts'
import { parseTarget } from '../io/ssh/target.ts'
import { Problem } from '../problem/problem.ts'
import type { Terminal } from './terminal.ts'

/**
 * Connects to a server's agent, and gives it this program first if it runs another. Counts no extra
 * connection when both ends are the same, which is the rule.
 */
export const connect = async (
  terminal: Terminal,
  target: string,
  options: ConnectOptions = {},
): Promise<AgentConnection> => {
  const build = await ownBuild()
  const connection = await connectAgent(parseTarget(target), options)
  if (connection.greeting.build === build) return connection
  terminal.say(
    terminal.dim(
      `The agent on ${target} is ${connection.greeting.version} of another build; replacing it …`,
    ),
  )
  const program = (await ownProgram()).toString('base64')
  await connection.wire.call(upgradeAgent, { build, program })
  await connection.close()
  const again = await connectAgent(parseTarget(target), options)
  if (again.greeting.build === build) return again
  await again.close()
  throw mismatch(target)
}

const mismatch = (target: string) =>
  new Problem({
    code: 'agent/mismatch',
    summary: 'The agent on the server is not the version that was just installed there.',
    detail: `Somebody else upgraded ${target} at the same moment, with another version of Zarpe.`,
    fix: ['Use the same version of Zarpe on every machine, and run the command again.'],
  })
