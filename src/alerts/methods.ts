import { defineMethod } from '../io/wire/method.ts'
import type { Channel, ObservedAlerts } from './model.ts'

/** Reads whom a server tells, and what it has told. Changes nothing. */
export const inspectAlertsMethod = defineMethod<{ project: string }, ObservedAlerts>(
  'alerts.inspect',
)

/** How a test went; `problem` is null where it got through. */
export type TestedChannel = {
  name: string
  kind: Channel['kind']
  problem: string | null
  ms: number
}

/** Sends a test to every channel; null if the server was never told of any. */
export const testAlerts = defineMethod<{ project: string }, TestedChannel[] | null>('alerts.test')
