import { namesIn, readText, removePath, within, writeDurable } from '../io/host/durable.ts'
import type { Release } from './model.ts'

/** Where the agent keeps what must outlive it, a folder for each project. */
export const stateFolder = '/var/lib/zarpe/projects'

const releaseFile = (project: string, number: number) =>
  within(stateFolder, project, 'releases', `${number}.json`)
const currentFile = (project: string) => within(stateFolder, project, 'current')

/** All records of a project, oldest first. */
export const readReleases = async (project: string): Promise<Release[]> => {
  const names = await namesIn(within(stateFolder, project, 'releases'))
  const texts = await Promise.all(
    names
      .filter((name) => /^\d+\.json$/.test(name))
      .map((name) => readText(within(stateFolder, project, 'releases', name))),
  )
  return texts
    .map((text) => (text === null ? null : parse(text)))
    .filter((release) => release !== null)
    .toSorted((left, right) => left.number - right.number)
}

/** A record that a failing disk or a hand has damaged counts as none: its services are then strays. */
const parse = (text: string): Release | null => {
  try {
    return JSON.parse(text) as Release
  } catch {
    return null
  }
}

/** The number of the release that counts; null before the first. Without the pointer the records tell. */
export const readCurrent = async (project: string): Promise<number | null> => {
  const text = ((await readText(currentFile(project))) ?? '').trim()
  if (/^\d+$/.test(text)) return Number(text)
  const newest = (await readReleases(project)).findLast((release) => release.state === 'current')
  return newest?.number ?? null
}

export const writeRelease = (release: Release) =>
  writeDurable(
    releaseFile(release.project, release.number),
    `${JSON.stringify(release, null, 2)}\n`,
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
