import type { Trouble } from '../data/health/model.ts'

// Who is told when something is wrong, and what has been told. All of it is plain JSON.

/** A mail server. `secure`: TLS from the first byte, else it must be offered before a password is sent. */
export type Smtp = {
  host: string
  port: number
  secure: boolean
  user: string | null
  password: string | null
}

/** One way to reach somebody. Holds secrets. */
export type Channel = { name: string } & (
  | { kind: 'mail'; to: string[]; from: string; smtp: Smtp }
  | { kind: 'slack' | 'discord' | 'ntfy' | 'webhook'; url: string }
)

/** What a server must know to tell somebody by itself. Holds secrets. */
export type AlertSettings = { project: string; channels: Channel[]; heartbeat: string | null }

/** Something that is wrong, or was until a moment ago, and who knows. */
export type Standing = Trouble & {
  since: string
  /** When it was last found so. */
  seenAt: string
  /** By channel, when it was last told. */
  told: Record<string, string>
  /** By channel, when it was told of it before it happened again; not there where it has not. */
  before?: Record<string, string>
}

/** What a server remembers between two looks. */
export type Ledger = {
  /** When it last looked; null before the first time. */
  lookedAt: string | null
  standing: Standing[]
  /** By channel, why the last message did not get through; of those that got theirs there is nothing. */
  unheard: Record<string, Unheard>
  /** By channel, a fingerprint of where it leads: another place has been told nothing. It stays on the server. */
  places: Record<string, string>
}

/** `owed`: it is to be sent again. `tries`: how often that was tried. */
export type Unheard = { problem: string; owed: boolean; tries: number; triedAt: string }

/** How sending a message went. One that was taken may still not have got to everybody. */
export type Sent = { taken: boolean; problem: string | null }

/** What a channel is told at once. */
export type Letter = {
  project: string
  /** The server's own name. */
  server: string
  at: string
  test: boolean
  began: Told[]
  /** Told before, and still so. */
  still: Told[]
  over: Told[]
}

export type Told = Trouble & { since: string }

/** What may be shown of a project's alerts, and is enough to plan with. */
export type ObservedAlerts = {
  /** Fingerprint of the settings that the server has; null before the first. */
  settings: string | null
  channels: { name: string; kind: Channel['kind']; where: string }[]
  heartbeat: boolean
  ledger: Omit<Ledger, 'places'>
  /** Now on the server. */
  now: string
}

export const emptyLedger: Ledger = { lookedAt: null, standing: [], unheard: {}, places: {} }

/** In the place of a fingerprint, of settings that the server has and cannot open. */
export const unreadable = 'unreadable'

/** How often a server looks. */
export const everyMinutes = 5
