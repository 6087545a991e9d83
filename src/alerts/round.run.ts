import { hostname } from 'node:os'
import { healthOf } from '../data/health/judge.ts'
import type { Trouble } from '../data/health/model.ts'
import { inspectData } from '../data/catalogue/inspect.ts'
import { hashKeyOf } from '../release/records/seal-key.run.ts'
import { withLedger } from './claim.run.ts'
import { dueFor, isDue, look, noted, nothing, onlyOf, settled } from './judge.ts'
import { readLedger, writeLedger } from './ledger.run.ts'
import type { AlertSettings, Ledger, Letter } from './model.ts'
import { placesOf } from './places.ts'
import { sendBeat, sendLetter } from './send.run.ts'
import { alertSettings } from './settings.run.ts'
import { heartbeatName } from './silence.ts'

/**
 * Looks at how things stand and tells whoever does not know yet. Nothing happens where nobody is to be told, or while another
 * look is under way for longer than `waitMs`. What could not be sent is told by `warn`.
 */
export const runLook = async (
  project: string,
  { waitMs, warn }: { waitMs: number; warn: (text: string) => void },
): Promise<void> => {
  const found = await alertSettings.read(project)
  if (!found) return
  await withLedger(project, waitMs, () => lookAndTell(found.settings, warn))
}

const lookAndTell = async (settings: AlertSettings, warn: (text: string) => void) => {
  const { project, channels, heartbeat } = settings
  const troubles = await troublesOf(project)
  const now = new Date().toISOString()
  const places = placesOf(settings, await hashKeyOf(project))
  let ledger = look(onlyOf(await readLedger(project), places), troubles, now)
  await writeLedger(project, ledger)
  // Written after each, one after the other: what one was told is known though another takes its time.
  let writing = Promise.resolve()
  const note = (change: (known: Ledger) => Ledger) => {
    ledger = change(ledger)
    writing = writing.then(() => writeLedger(project, ledger))
    return writing
  }
  const told = channels.map(async (channel) => {
    const { name } = channel
    const due = dueFor(ledger, name, now)
    if (!isDue(due)) return note((known) => settled(known, name, now))
    const letter: Letter = { project, server: hostname(), at: now, test: false, ...due }
    const sent = await sendLetter(channel, letter)
    if (sent.problem !== null) warn(`${name}: ${sent.problem}`)
    return note((known) => noted(known, name, due, sent, now))
  })
  await Promise.all(told)
  // A server that knows of something wrong is not heard of, like one that is silent.
  if (heartbeat === null || troubles.length > 0) return
  const beat = await sendBeat(heartbeat)
  if (beat.problem !== null) warn(`${heartbeatName}: ${beat.problem}`)
  await note((known) => noted(known, heartbeatName, nothing, beat, now))
}

const troublesOf = async (project: string): Promise<Trouble[]> => {
  const data = await inspectData(project)
  return healthOf(data, data.now).flatMap(({ dataset, trouble }) =>
    trouble.map(({ key, text, ...more }) => ({
      ...more,
      key: `data/${dataset}/${key}`,
      text: `data ${dataset}: ${text}`,
    })),
  )
}
