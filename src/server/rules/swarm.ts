import { type Rule, serverStep } from '../rule.ts'
import { swarmPool } from './docker.ts'
import { stableAddress } from './stable-address.ts'

/** Ended tasks that Swarm keeps for each slot: enough to read why the last ones failed. */
const taskHistoryLimit = 3

/** A swarm of one, from the first day: it can grow without being set up again. */
export const swarm: Rule = {
  id: 'swarm',
  why: 'releases without a gap, on one server or several',
  wanted: (facts, settings) => {
    const state = facts.docker?.swarm
    const address = stableAddress(facts, settings)
    const addressPool = swarmPool(facts)
    if (!address || !addressPool) return []
    if (state?.state === 'active' && state.taskHistoryLimit === taskHistoryLimit) return []
    const params = { address, addressPool, taskHistoryLimit }
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
