import { hostname } from 'node:os'
import { withLedger } from './claim.run.ts'
import { afterTest, nothing } from './judge.ts'
import { readLedger, writeLedger } from './ledger.run.ts'
import type { TestedChannel } from './methods.ts'
import type { Letter } from './model.ts'
import { sendLetter } from './send.run.ts'
import { alertSettings } from './settings.run.ts'

const waitMs = 30_000

/** Sends a test to every channel, from the server, as an alert would be. Null if nobody is to be told. */
export const runTest = async (project: string): Promise<TestedChannel[] | null> => {
  const found = await alertSettings.read(project)
  if (!found) return null
  const at = new Date().toISOString()
  const letter: Letter = { project, server: hostname(), at, test: true, ...nothing }
  const tested = await Promise.all(
    found.settings.channels.map(async (channel) => {
      const startedMs = Date.now()
      const { problem } = await sendLetter(channel, letter)
      return { name: channel.name, kind: channel.kind, problem, ms: Date.now() - startedMs }
    }),
  )
  await withLedger(project, waitMs, async () =>
    writeLedger(project, afterTest(await readLedger(project), tested)),
  )
  return tested
}
