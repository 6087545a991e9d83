/**
 * One remote call: its name and, in its type, what goes and what comes back. Both ends import the
 * same definition, so that they cannot disagree. All values are plain JSON.
 */
export type Method<Params, Result> = { name: string; readonly types?: [Params, Result] }

/** What the agent tells without being asked, while a call is under way. */
export type Notice<Params> = { name: string; readonly types?: [Params] }

export const defineMethod = <Params, Result>(name: string): Method<Params, Result> => ({ name })

export const defineNotice = <Params>(name: string): Notice<Params> => ({ name })
