import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { Problem } from '../../problem/problem.ts'
import { environmentForOthers } from '../host/processes/process.ts'
import { shipSocketNotice, shipSocketPath } from '../registry/socket.ts'
import { type Greeting, greetingNotice } from '../wire/greeting.ts'
import { openWire, type Wire } from '../wire/wire.ts'
import { agentProblem, connectionProblem } from './problems.ts'
import { quote } from './quote.ts'
import { sshArguments, type SshTarget } from './target.ts'

const greetLimitMs = 30_000
const printedKeptMax = 16_384

/** Constant: becomes root if it is not, then is the agent. */
const agentCommand = `exec sh -c ${quote(
  'if [ "$(id -u)" = 0 ]; then exec /usr/local/bin/zarpe-agent; else exec sudo -n /usr/local/bin/zarpe-agent; fi',
)}`

export type AgentConnection = {
  wire: Wire
  greeting: Greeting
  /** Socket on the server that leads to `forwardPort` on this machine. */
  socketPath: string
  process: ChildProcess
  close: () => Promise<void>
}

export type ConnectOptions = {
  /** A port on this machine's loopback that the server may reach for as long as this lives. */
  forwardPort?: number
  /** A unix socket on this machine that leads to one on the server. */
  socket?: { local: string; remote: string }
  /** Accept and remember the key of a server that was never seen: for its set-up only. */
  acceptNewHostKey?: boolean
}

/**
 * Starts the agent over one SSH connection of the system's own `ssh` and waits for its greeting.
 * Throws a `Problem` that names why it could not: see `problems.ts`.
 */
export const connectAgent = async (
  target: SshTarget,
  options: ConnectOptions = {},
): Promise<AgentConnection> => {
  const socketPath = shipSocketPath(randomBytes(8).toString('hex'))
  const forward = options.forwardPort
    ? ['-o', 'ExitOnForwardFailure=yes', '-R', `${socketPath}:127.0.0.1:${options.forwardPort}`]
    : []
  const socket = options.socket
    ? ['-o', 'StreamLocalBindUnlink=yes', '-L', `${options.socket.local}:${options.socket.remote}`]
    : []
  const child = spawn(
    'ssh',
    [...sshArguments(target, [...hostKeyArguments(options), ...forward, ...socket]), agentCommand],
    { stdio: ['pipe', 'pipe', 'pipe'], env: environmentForOthers() },
  )
  let printed = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text: string) => {
    printed = (printed + text).slice(-printedKeptMax)
  })
  child.stdin.on('error', () => undefined)
  const wire = openWire(child.stdout, child.stdin)
  const greeting = await greeted(wire, child, target, () => printed)
  if (options.forwardPort) wire.tell(shipSocketNotice, { path: socketPath })
  return { wire, greeting, socketPath, process: child, close: () => closed(wire, child) }
}

const hostKeyArguments = (options: ConnectOptions) =>
  options.acceptNewHostKey ? ['-o', 'StrictHostKeyChecking=accept-new'] : []

const greeted = (
  wire: Wire,
  child: ChildProcess,
  target: SshTarget,
  printed: () => string,
): Promise<Greeting> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(connectionProblem(target, `${printed()}\nno greeting within 30 s`, null))
    }, greetLimitMs)
    wire.onNotice(greetingNotice, (greeting) => {
      clearTimeout(timer)
      resolve(greeting)
    })
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(noSsh(error))
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      wire.close()
      reject(agentProblem(target, printed(), code))
    })
    wire.listen()
  })

const noSsh = (error: Error) =>
  new Problem(
    {
      code: 'ssh/missing',
      summary: 'The ssh program could not be started.',
      detail: error.message,
      fix: ['apt-get install openssh-client'],
    },
    { cause: error },
  )

/** Ends stdin, which tells the agent to go, and gives it a moment. */
const closed = (wire: Wire, child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
    child.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
    wire.close()
    child.stdin?.end()
  })
