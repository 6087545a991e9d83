import { StoreFault } from '../../io/fault.ts'
import type { Store, StoreContext } from '../store.ts'

/** Waits before each further try. A line that is lost so often will not hold. */
const waitsMs = [1_000, 5_000, 15_000]

/** Ends early with the signal. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

/** Wraps a driver: what a lost line or a busy store cut short is tried again, a few times. */
export const persistent = (driver: Store, sleep: Sleep): Store => {
  const insist = async <Value>(context: StoreContext, act: () => Promise<Value>) => {
    for (const waitMs of waitsMs) {
      try {
        return await act()
      } catch (thrown) {
        if (!isPassing(thrown)) throw thrown
        context.note(`${thrown.detail}; trying again`)
        await sleep(waitMs, context.signal)
      }
    }
    return act()
  }
  return {
    put: (name, file, expect, context) =>
      insist(context, () => driver.put(name, file, expect, context)),
    get: (name, file, context) => insist(context, () => driver.get(name, file, context)),
    list: (folder, context) => insist(context, () => driver.list(folder, context)),
    remove: (name, context) => insist(context, () => driver.remove(name, context)),
    sweep: (context) => insist(context, () => driver.sweep(context)),
    close: () => driver.close(),
  }
}

const isPassing = (thrown: unknown): thrown is StoreFault =>
  thrown instanceof StoreFault && (thrown.kind === 'dropped' || thrown.kind === 'busy')
