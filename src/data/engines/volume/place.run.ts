import { dirname } from 'node:path'
import {
  readText,
  removePath,
  statOf,
  within,
  writeDurable,
} from '../../../io/host/files/durable.ts'
import type { Engine } from '../../../io/engine/engine.ts'
import { moveTo } from '../../../io/host/files/files.ts'
import { runOk } from '../../../io/host/processes/process.ts'
import { replaceFolder } from '../../../io/host/files/replace.ts'
import { Problem } from '../../../problem/problem.ts'
import type { DataContext, Swap } from '../../engine.ts'
import { restartUsers } from './restart.run.ts'

/** A volume on the server: its files, and the folder beside them that belongs to it and to nobody else. */
export type VolumePlace = {
  live: string
  beside: (name: string) => string
  /** A swap was ended just now: whoever serves the files is being started anew. */
  isRenewed: boolean
}

/** Says which folders were about to change names; there until new tasks of whoever uses them were asked for, unless that was cut short. */
const noteName = 'zarpe-swap.json'

/** There may be millions of files. */
const ownLimitMs = 60 * 60_000

/** Where the engine keeps a volume's files. A swap that was cut short is taken back or ended first. */
export const placeOf = async (
  volume: string,
  { engine }: Pick<DataContext, 'engine'>,
): Promise<VolumePlace> => {
  const found = await engine.networks.findVolume(volume)
  if (!found) throw notThere(volume)
  if (found.Driver !== 'local' || Object.keys(found.Options ?? {}).length > 0)
    throw elsewhere(volume, found.Driver)
  const live = found.Mountpoint
  return {
    isRenewed: await mend(volume, live, engine),
    live,
    // With the volume itself, so that it is on the same disk, and gone when the volume is removed.
    beside: (name) => (name === volume ? live : within(dirname(live), name)),
  }
}

/**
 * Puts one folder in the place of another at once, and then lets `renew` ask for new tasks of whoever has the other one open. After
 * a cut the next act finds the note.
 */
export const exchange = async <Asked>(
  place: VolumePlace,
  { beside, aside }: Omit<Swap, 'live'> & { beside: string },
  renew: () => Promise<Asked>,
): Promise<Asked> => {
  const note = within(dirname(place.live), noteName)
  // What was restored is on disk before it is live: a power cut would leave names of empty files.
  await runOk('sync', ['--file-system', place.beside(beside)], { limitMs: ownLimitMs })
  await writeDurable(note, JSON.stringify({ beside, aside }))
  replaceFolder(place.beside(beside), place.live, place.beside(aside))
  const asked = await renew()
  await removePath(note)
  return asked
}

/** Of a swap that was cut short: before the folders had changed names it is taken back, after that it is ended. */
const mend = async (volume: string, live: string, engine: Engine): Promise<boolean> => {
  const note = within(dirname(live), noteName)
  const text = await readText(note)
  if (text === null) return false
  const names = JSON.parse(text) as { beside?: string; aside: string }
  const isThere = async (name: string) => (await statOf(within(dirname(live), name))) !== null
  const isAside = await isThere(names.aside)
  const isBack = !(await statOf(live)) && isAside
  if (isBack) await moveTo(within(dirname(live), names.aside), live)
  const isDone = !isBack && isAside && names.beside !== undefined && !(await isThere(names.beside))
  if (isDone) await restartUsers(volume, engine)
  await removePath(note)
  return isDone
}

/** Gives a folder beside the live one to whoever the live one belongs to, with the same rights on it. */
export const ownAs = async (live: string, folder: string, { signal }: DataContext) => {
  const likeLive = [`--reference=${live}`, '--', folder]
  const options = { limitMs: ownLimitMs, signal }
  await runOk('chown', ['--recursive', '--no-dereference', ...likeLive], options)
  await runOk('chmod', likeLive, options)
}

/** The app may keep its data in another volume by now; to put a backup of the former one there is not a restore. */
export const refuseOther = (held: string | null, now: string) => {
  if (held === now) return
  throw new Problem({
    code: 'data/other-volume',
    summary: 'The backup is of another volume than the app uses.',
    detail: `The backup is of ${held === null ? 'none' : `"${held}"`}; what zarpe.yml and the Compose file say now is "${now}".`,
    fix: ['Bring it back by hand: docs/formats/backup.md', 'zarpe backup list'],
  })
}

const notThere = (volume: string) =>
  new Problem({
    code: 'data/no-volume',
    summary: 'The volume is not there yet.',
    detail: `The server has no volume "${volume}".`,
    fix: ['zarpe deploy'],
  })

const elsewhere = (volume: string, driver: string) =>
  new Problem({
    code: 'data/volume-elsewhere',
    summary: 'Only volumes of the server’s own disk can be backed up.',
    detail: `"${volume}" has the driver "${driver}" or options of its own: its files are somewhere else.`,
    fix: ['Back it up where its files are, and take it out of zarpe.yml.'],
  })
