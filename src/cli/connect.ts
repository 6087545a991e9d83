import { ownBuild, ownProgram, version } from '../agent/build.ts'
import { upgradeAgent } from '../agent/methods.ts'
import { type AgentConnection, connectAgent, type ConnectOptions } from '../io/ssh/connect.ts'
import { formerMachine, otherMachine } from '../io/ssh/machines.ts'
import { parseTarget } from '../io/ssh/target.ts'
import { Problem } from '../problem/problem.ts'
import type { Terminal } from './terminal.ts'

export type MeetOptions = ConnectOptions & {
  /** Whether a machine that is new behind its name is let pass: for its set-up only, which asks. */
  anyMachine?: boolean
}

/**
 * Connects to a server's agent, and gives it this program first if it runs another. Counts no extra
 * connection when both ends are the same, which is the rule. Throws "ssh/other-machine" when not the
 * machine answers that did so before.
 */
export const connect = async (
  terminal: Terminal,
  target: string,
  options: MeetOptions = {},
): Promise<AgentConnection> => {
  const build = await ownBuild()
  const connection = await connectAgent(parseTarget(target), options)
  if (!options.anyMachine) await refuseOther(target, connection)
  if (connection.greeting.build === build) return connection
  if (isNewer(connection.greeting.version, version)) {
    await connection.close()
    throw newer(target, connection.greeting.version)
  }
  terminal.say(
    terminal.dim(
      `The agent on ${target} is another build (${connection.greeting.version}, this is ${version}); replacing it …`,
    ),
  )
  const program = (await ownProgram()).toString('base64')
  try {
    await connection.wire.call(upgradeAgent, { build, program })
  } finally {
    // Else ssh would keep this program from ending.
    await connection.close()
  }
  const again = await connectAgent(parseTarget(target), options)
  if (again.greeting.build === build) return again
  await again.close()
  throw mismatch(target)
}

const refuseOther = async (text: string, connection: AgentConnection) => {
  const target = parseTarget(text)
  const former = await formerMachine(target, connection.greeting)
  if (!former) return
  await connection.close()
  throw otherMachine(target, connection.greeting, former)
}

/** Of two versions such as 1.4.0. What is not three numbers is newer than nothing. */
export const isNewer = (left: string, right: string): boolean => {
  const [one, other] = [left, right].map((text) => text.split('.').map(Number))
  const at = [0, 1, 2].find((index) => one![index] !== other![index])
  return at !== undefined && one![at]! > other![at]!
}

const newer = (target: string, there: string) =>
  new Problem({
    code: 'agent/newer',
    summary: 'The server is used with a newer version of Zarpe; nothing was done.',
    detail: `The agent on ${target} is ${there}, this is ${version}: an older one might misread what a newer one wrote.`,
    fix: [`Bring Zarpe on this machine to ${there} or later, and run the command again.`],
  })

const mismatch = (target: string) =>
  new Problem({
    code: 'agent/mismatch',
    summary: 'The agent on the server is not the version that was just installed there.',
    detail: `Somebody else upgraded ${target} at the same moment, with another version of Zarpe.`,
    fix: ['Use the same version of Zarpe on every machine, and run the command again.'],
  })
