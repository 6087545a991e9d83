import type { Trouble } from '../data/health/model.ts'
import { everyMinutes, type ObservedAlerts } from './model.ts'

/** A look takes seconds, and one may wait for a channel that does not answer. */
const lateMinutes = 3 * everyMinutes

/** What keeps somebody from being told: a channel that took nothing, or that nobody looks any more. */
export const silenceOf = (
  { settings, channels, heartbeat, ledger }: ObservedAlerts,
  now: string,
): Trouble[] => {
  if (settings === null) return []
  const names = [...channels.map(({ name }) => name), ...(heartbeat ? [heartbeatName] : [])]
  const unheard = names.flatMap((name): Trouble[] => {
    const problem = ledger.unheard[name]
    return problem === undefined
      ? []
      : [{ key: `alerts/${name}`, text: `${name} was not reached: ${problem}` }]
  })
  const minutes = ledger.lookedAt
    ? Math.round((Date.parse(now) - Date.parse(ledger.lookedAt)) / 60_000)
    : 0
  return minutes > lateMinutes
    ? [...unheard, { key: 'alerts', text: `the server has not looked for ${minutes} min` }]
    : unheard
}

/** What the heartbeat is called beside channels, none of which can be called so. */
export const heartbeatName = 'the heartbeat'
