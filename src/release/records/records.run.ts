import { namesIn, readText, removePath, within, writeDurable } from '../../io/host/files/durable.ts'
import type { Release } from '../model.ts'
import { stateFolder } from '../places.ts'
import { currentRelease } from '../current.ts'
import { recordKey } from './seal-key.run.ts'
import { isPlain, openRelease, type SealedRelease, sealRelease } from './sealed-record.ts'

const releaseFile = (project: string, number: number) =>
  within(stateFolder, project, 'releases', `${number}.json`)
const currentFile = (project: string) => within(stateFolder, project, 'current')

/** All records of a project, oldest first. One whose seal cannot be opened counts as none. */
export const readReleases = async (project: string): Promise<Release[]> => {
  const records = await readRecords(project)
  const key = records.length > 0 ? await recordKey() : Buffer.alloc(0)
  return records
    .map((record) => openRelease(key, record))
    .filter((release) => release !== null)
    .toSorted((left, right) => left.number - right.number)
}

/** Projects that have records of releases, also such as cannot be opened any more. */
export const recordedProjects = async (): Promise<string[]> => {
  const projects = await namesIn(stateFolder)
  const files = await Promise.all(
    projects.map((project) => namesIn(within(stateFolder, project, 'releases'))),
  )
  return projects.filter((_project, index) => files[index]!.some((name) => isRecord.test(name)))
}

const isRecord = /^\d+\.json$/

const readRecords = async (project: string): Promise<SealedRelease[]> => {
  const names = await namesIn(within(stateFolder, project, 'releases'))
  const texts = await Promise.all(
    names
      .filter((name) => isRecord.test(name))
      .map((name) => readText(within(stateFolder, project, 'releases', name))),
  )
  return texts
    .map((text) => (text === null ? null : parse(text)))
    .filter((record) => record !== null)
}

/** A record that a failing disk or a hand has damaged counts as none: its services are then strays. */
const parse = (text: string): SealedRelease | null => {
  try {
    return JSON.parse(text) as SealedRelease
  } catch {
    return null
  }
}

/** Seals records that an older version wrote with the values in plain. */
export const sealPlainRecords = async (project: string) => {
  const plain = (await readRecords(project)).filter(isPlain)
  for (const record of plain) {
    const release = openRelease(await recordKey(), record)
    if (release) await writeRelease(release)
  }
}

/** The number of the release that counts; null before the first. Without the pointer the records tell. */
export const readCurrent = async (project: string): Promise<number | null> => {
  const text = ((await readText(currentFile(project))) ?? '').trim()
  if (/^\d+$/.test(text)) return Number(text)
  const newest = (await readReleases(project)).findLast((release) => release.state === 'current')
  return newest?.number ?? null
}

/** The record of the release that counts; null before the first. */
export const readCurrentRelease = async (project: string): Promise<Release | null> => {
  const current = await readCurrent(project)
  return currentRelease({ releases: await readReleases(project), current })
}

export const writeRelease = async (release: Release) =>
  writeDurable(
    releaseFile(release.project, release.number),
    `${JSON.stringify(sealRelease(await recordKey(), release), null, 2)}\n`,
  )

/** The one moment from which another release counts; everything else follows from this file. */
export const writeCurrent = (project: string, number: number) =>
  writeDurable(currentFile(project), String(number))

/** Everything that is known of a project but the journals of its runs. */
export const removeRecords = async (project: string) => {
  await removePath(currentFile(project))
  await removePath(within(stateFolder, project, 'releases'))
}

export const removeRelease = (project: string, number: number) =>
  removePath(releaseFile(project, number))
