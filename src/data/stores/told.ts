import { StoreFault } from '../../io/fault.ts'
import { assert } from '../../problem/assert.ts'
import type { Store, StoreSettings } from '../store.ts'
import { isStoreName } from './names.ts'
import { storeProblem } from './problems.ts'

/** Wraps a driver: only good names reach it, and what it throws is told as a `Problem` that names the store. */
export const told = (driver: Store, settings: StoreSettings): Store => {
  const say = async <Value>(name: string, act: () => Promise<Value>): Promise<Value> => {
    assert(name === '' || isStoreName(name), `"${name}" is no name for a store`)
    try {
      return await act()
    } catch (thrown) {
      throw thrown instanceof StoreFault ? storeProblem(settings, thrown) : thrown
    }
  }
  return {
    put: (name, ...rest) => say(name, () => driver.put(name, ...rest)),
    get: (name, ...rest) => say(name, () => driver.get(name, ...rest)),
    list: (folder, context) => say(folder, () => driver.list(folder, context)),
    remove: (name, context) => say(name, () => driver.remove(name, context)),
    sweep: (context) => say('', () => driver.sweep(context)),
    close: () => driver.close(),
  }
}
