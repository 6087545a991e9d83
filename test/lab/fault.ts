import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { inside } from '../../src/lab/vps.ts'

/** When and how a run is disturbed: see src/agent/door.run.ts. */
export type Order = `${'kill' | 'wait'} ${'before' | 'after'} ${string}`

const reachLimitMs = 60_000
const write =
  'mkdir -p /run/zarpe; printf %s "$1" > /run/zarpe/fault.new; mv /run/zarpe/fault.new /run/zarpe/fault'

/** Tells the next run of the agent (a build with doors) where to die or wait. */
export const order = async (server: string, text: Order): Promise<void> => {
  const result = await inside(server, ['sh', '-c', write, 'sh', text])
  if (result.code !== 0) throw new Error(`no order could be given: ${result.stderr}`)
}

/** Ends a wait, and forgets an order that was not met. */
export const relent = async (server: string): Promise<void> => {
  await inside(server, ['rm', '-f', '/run/zarpe/fault'])
}

/** The step at which a run died or waits; null if it has not come there. */
export const reached = async (server: string): Promise<string | null> => {
  const result = await inside(server, ['cat', '/run/zarpe/fault.reached'])
  return result.code === 0 ? result.stdout : null
}

/** Waits until a run waits at its door. */
export const awaitReached = async (server: string): Promise<string> => {
  const deadline = Date.now() + reachLimitMs
  while (Date.now() < deadline) {
    const step = await reached(server)
    if (step !== null) return step
    await sleep(100)
  }
  throw new Error(`no run on ${server} came to its door within ${reachLimitMs / 1000} s`)
}

/** Removes the mark that a run which died leaves. */
const forgetReached = (server: string) => inside(server, ['rm', '-f', '/run/zarpe/fault.reached'])

/** No order is in force: one may be left of a test that was stopped half-way. */
export const forgetOrders = async (server: string): Promise<void> => {
  await relent(server)
  await forgetReached(server)
}

/** Kills the `ssh` that a command has started, as a connection that breaks. */
export const killSshOf = (parent: number): void => {
  const children = processes().filter((each) => each.parent === parent && each.name === 'ssh')
  if (children.length === 0) throw new Error(`process ${parent} has no ssh`)
  for (const { pid } of children) process.kill(pid, 'SIGKILL')
}

const processes = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        const program = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
        return [{ pid: Number(name), parent: Number(fields[1]), name: program }]
      } catch {
        // It ended while it was looked at.
        return []
      }
    })
