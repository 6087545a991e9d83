import type { Trouble } from '../data/health/model.ts'
import { plainText } from '../problem/plain.ts'
import { everyMinutes, type ObservedAlerts, unreadable } from './model.ts'

/** A look takes seconds, and one may wait for a channel that does not answer. */
const lateMinutes = 3 * everyMinutes

/** What keeps somebody from being told: a channel that took nothing, or that nobody looks any more. */
export const silenceOf = ({
  settings,
  channels,
  heartbeat,
  ledger,
  now,
}: ObservedAlerts): Trouble[] => {
  if (settings === null) return []
  if (settings === unreadable)
    return [{ key: 'alerts', text: 'the server cannot read whom to tell: zarpe deploy' }]
  const names = [...channels.map(({ name }) => name), ...(heartbeat ? [heartbeatName] : [])]
  const unheard = names.flatMap((name): Trouble[] => {
    const failed = Object.hasOwn(ledger.unheard, name) ? ledger.unheard[name] : undefined
    if (!failed) return []
    const words = failed.owed ? `${name} was not reached` : name
    return [{ key: `alerts/${name}`, text: plainText(`${words}: ${failed.problem}`) }]
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
