import { defineFlow } from '../io/wire/flow.ts'
import { defineMethod, defineNotice } from '../io/wire/method.ts'
import type { RestoreNames } from './restore/restore.plan.ts'
import type { Loss } from './engine.ts'
import type { ExtractedPart, Extraction } from './extract/extraction.ts'
import type { FoundBackup, Keys, Manifest, ObservedData } from './model.ts'

/** Reads everything about a project's data but the data. Changes nothing. */
export const inspectDataMethod = defineMethod<{ project: string }, ObservedData>('data.inspect')

/** What a backup holds, from the server’s own copy of its manifest. */
export const readManifestMethod = defineMethod<{ project: string; id: string }, Manifest>(
  'data.manifest',
)

/** What a store has of a project's backups. */
export const lookIntoStore = defineMethod<{ project: string; store: string }, FoundBackup[]>(
  'data.look',
)

/** The header of a copy's encrypted manifest, in base64; null if it is no file of age. */
export const readHeader = defineMethod<
  { project: string; store: string; id: string },
  string | null
>('data.header')

/** What live data is called, and what a restore of this backup beside it and the live one aside will be. */
export const restoreNames = defineMethod<{ project: string; id: string }, RestoreNames>(
  'data.names',
)

/** Compares the live data with a backup: what a restore would change, table by table. */
export const weighRestore = defineMethod<{ project: string; id: string }, Loss[]>('data.weigh')

export type ExtractParams = Extraction & { project: string; from: string; keys?: Keys }

export type ExtractResult = { bytes: number; sha256: string; holds: ExtractedPart[] }

/**
 * Takes a part of a backup out, and sends it as a flow once all of it was compared. Nothing is changed, and
 * nothing stays on the server.
 */
export const extractMethod = defineMethod<ExtractParams, ExtractResult>('data.extract')

export const extractFlow = defineFlow('data.extracted')

/** What an extraction is at; `bytes` is told once, before the first part. */
export const extractNote = defineNotice<{ text: string } | { bytes: number }>('data.extract.note')
