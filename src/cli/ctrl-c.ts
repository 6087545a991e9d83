import { setTimeout as sleep } from 'node:timers/promises'
import { isLost } from '../io/wire/lost.ts'

const turnMs = 250

/**
 * Does `work`, and `leave` when Ctrl-C ends it. On a terminal the signal goes to ssh too, and the connection
 * may be seen to end before the signal that ended it: whoever pressed the key would be told of a bad line.
 */
export const heedingCtrlC = async <Result>(
  leave: () => void,
  work: () => Promise<Result>,
): Promise<Result> => {
  process.once('SIGINT', leave)
  try {
    return await work()
  } catch (error) {
    if (isLost(error)) await sleep(turnMs)
    throw error
  } finally {
    process.off('SIGINT', leave)
  }
}
