import { hostname } from 'node:os'
import { healthOf } from '../data/health/judge.ts'
import type { Trouble } from '../data/health/model.ts'
import { inspectData } from '../data/inspect.ts'
import { claimName } from '../io/host/claim.ts'
import { get } from '../io/http/post.ts'
import { messageOf } from '../problem/problem.ts'
import { readCurrent, readReleases } from '../release/records.run.ts'
import { dueFor, look, noted, onlyOf } from './judge.ts'
import { readLedger, writeLedger } from './ledger.run.ts'
import type { AlertSettings, Channel, Ledger, Letter } from './model.ts'
import { sendLetter } from './send.run.ts'
import { alertSettings } from './settings.run.ts'
import { heartbeatName } from './silence.ts'

/**
 * What the timer does, and a backup that has ended: looks at how things stand and tells whoever does not know yet.
 * Nothing happens where nobody is to be told, or while another look is under way.
 */
export const runLook = async (project: string): Promise<void> => {
  const found = await alertSettings.read(project)
  if (!found) return
  const claim = await claimName(`zarpe-alerts-${project}`)
  if (!claim) return
  try {
    await lookAndTell(found.settings)
  } finally {
    await claim.release()
  }
}

const lookAndTell = async ({ project, channels, heartbeat }: AlertSettings) => {
  const troubles = await troublesOf(project)
  const now = new Date().toISOString()
  const names = [...channels.map(({ name }) => name), heartbeatName]
  const seen = look(onlyOf(await readLedger(project), names), troubles, now)
  // When it began is known even if a channel takes its time.
  await writeLedger(project, seen)
  const [told, beat] = await Promise.all([
    Promise.all(channels.map((channel) => tell(seen, channel, project, now))),
    // A server that knows of something wrong is not heard of, like one that is silent.
    heartbeat !== null && troubles.length === 0 ? beatAt(heartbeat) : 'not asked',
  ])
  const after = told.reduce(
    (ledger, { name, due, problem }) => noted(ledger, name, due, problem, now),
    seen,
  )
  const nothing = { began: [], still: [], over: [] }
  await writeLedger(
    project,
    beat === 'not asked' ? after : noted(after, heartbeatName, nothing, beat, now),
  )
}

const troublesOf = async (project: string): Promise<Trouble[]> => {
  const [data, releases, current] = await Promise.all([
    inspectData(project),
    readReleases(project),
    readCurrent(project),
  ])
  const release = releases.find(({ number }) => number === current) ?? null
  return healthOf(data, release, data.now).flatMap(({ dataset, trouble }) =>
    trouble.map(({ key, text }) => ({
      key: `data/${dataset}/${key}`,
      text: `data ${dataset}: ${text}`,
    })),
  )
}

const tell = async (ledger: Ledger, channel: Channel, project: string, at: string) => {
  const { name } = channel
  const due = dueFor(ledger, name, at)
  if (due.began.length + due.still.length + due.over.length === 0)
    return { name, due, problem: ledger.unheard[name] ?? null }
  const letter: Letter = { project, server: hostname(), at, test: false, ...due }
  return { name, due, problem: await sendLetter(channel, letter) }
}

const beatAt = async (url: string): Promise<string | null> => {
  try {
    await get(url)
    return null
  } catch (error) {
    return messageOf(error)
  }
}
