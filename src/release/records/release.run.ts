import { assert } from '../../problem/assert.ts'
import type { Runner } from '../../plan/runner.ts'
import {
  readCurrent,
  readReleases,
  removeRecords,
  removeRelease,
  sealPlainRecords,
  writeCurrent,
  writeRelease,
} from './records.run.ts'
import type { Release } from '../model.ts'

export const runOpen: Runner<'release.open'> = ({ release }) => writeRelease(release)

/** Idempotent: the pointer is written first, the records are brought in line with it after. */
export const runCommit: Runner<'release.commit'> = async ({ project, number }, { now }) => {
  const release = await readRecord(project, number)
  const before = await readCurrent(project)
  const finishedAt = release.finishedAt ?? new Date(now()).toISOString()
  const migration = release.migration && { ...release.migration, outcome: 'done' as const }
  await writeCurrent(project, number)
  await writeRelease({ ...release, state: 'current', finishedAt, migration })
  for (const each of await readReleases(project)) {
    const isOld = each.number !== number && each.state === 'current'
    if (isOld || (each.number === before && before !== number))
      await writeRelease({ ...each, state: 'retired' })
  }
  await sealPlainRecords(project)
}

export const runClose: Runner<'release.close'> = async ({ project, number, problem }, { now }) => {
  const release = await readRecord(project, number)
  const finishedAt = new Date(now()).toISOString()
  await writeRelease({ ...release, state: 'failed', finishedAt, problem })
}

export const runForget: Runner<'release.forget'> = ({ project, number }) =>
  removeRelease(project, number)

export const runForgetProject: Runner<'project.forget'> = ({ project }) => removeRecords(project)

const readRecord = async (project: string, number: number): Promise<Release> => {
  const release = (await readReleases(project)).find((each) => each.number === number)
  assert(release, `release ${number} of ${project} has no record`)
  return release
}
