import { type Rule, serverStep } from './rule.ts'
import { swarmPool } from './docker.ts'
import { stableAddress } from './stable-address.ts'

/** Ended tasks that Swarm keeps for each slot: enough to read why the last ones failed. */
const taskHistoryLimit = 3

/**
 * A swarm of one has nowhere to move its tasks, yet gives the node up, and stops all of them, when the
 * engine was silent for three heartbeats: 15 s by default, which a frozen machine (moved to another
 * host, or out of memory) soon is. Seen: stopped for 40 s, every task was replaced; with 60 s, after
 * 100 s, none was.
 */
const heartbeatSecondsAlone = 60

/** A swarm of one, from the first day: it can grow without being set up again. */
export const swarm: Rule = {
  id: 'swarm',
  why: 'releases without a gap, on one server or several',
  wanted: (facts, settings) => {
    const state = facts.docker?.swarm
    const address = stableAddress(facts, settings)
    const addressPool = swarmPool(facts)
    if (!address || !addressPool) return []
    const isShared = state?.state === 'active' && state.nodes > 1
    const heartbeatSeconds = isShared ? state.heartbeatSeconds : heartbeatSecondsAlone
    const isAsWanted =
      state?.state === 'active' &&
      state.taskHistoryLimit === taskHistoryLimit &&
      state.heartbeatSeconds === heartbeatSeconds
    if (isAsWanted) return []
    const params = { address, addressPool, taskHistoryLimit, heartbeatSeconds }
    return [serverStep('server.swarm', address, swarm.why, params)]
  },
  notes: (facts, settings) => {
    const state = facts.docker?.swarm
    if (state?.state !== 'active') return []
    const address = stableAddress(facts, settings)
    return state.address === address
      ? []
      : [
          `the swarm that is there advertises ${state.address}, not ${address}: it is kept, but ` +
            'would not survive a change of that address',
        ]
  },
}
