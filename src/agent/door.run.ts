import { readText, removePath, writeDurable } from '../io/host/files/durable.ts'
import type { AnyStep } from '../plan/kinds.ts'
import { hasTestDoors } from './build.ts'

const orderFile = '/run/zarpe/fault'
const reachedFile = '/run/zarpe/fault.reached'
const waitMaxMs = 60_000

/**
 * The crash tests' way in, absent from every other build. The order file says
 * `kill before <step id>`, `kill before <kind>`, `kill after <n>` or `wait before <n>` with n counted from 0 within the
 * run; a wait ends when the order file is removed.
 */
export const testDoor = () => {
  if (!hasTestDoors) return undefined
  let index = -1
  return async (moment: 'before' | 'after', step: AnyStep) => {
    if (moment === 'before') index += 1
    const [what, when, where] = ((await readText(orderFile)) ?? '').trim().split(' ')
    if (when !== moment || ![step.id, step.kind, String(index)].includes(where ?? '')) return
    await writeDurable(reachedFile, step.id)
    if (what === 'kill') process.kill(process.pid, 'SIGKILL')
    if (what === 'wait') await orderGone()
    await removePath(reachedFile)
  }
}

const orderGone = async () => {
  const until = Date.now() + waitMaxMs
  while (Date.now() < until && (await readText(orderFile)) !== null)
    await new Promise((resolve) => setTimeout(resolve, 50))
}
