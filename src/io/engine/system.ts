import type { Caller } from './engine.ts'
import type { Info } from './types.ts'

/** Calls about the engine itself. */
export const systemCalls = (caller: Caller) => ({
  info: () => caller.json<Info>({ method: 'GET', path: '/info' }),
  version: () =>
    caller.json<{ Version: string; ApiVersion: string }>({ method: 'GET', path: '/version' }),
  ping: () => caller.json<unknown>({ method: 'GET', path: '/info', limitMs: 5_000 }),
})
