import { readText, removePath, within, writeDurable } from '../../io/host/files/durable.ts'
import { stateFolder } from '../../release/places.ts'
import { readReleases } from '../../release/records/records.run.ts'
import { recordKey } from '../../release/records/seal-key.run.ts'
import { seal, unseal } from '../../secrets/seal.ts'
import { type Replaced, withReplaced } from './replaced.ts'

const fileOf = (project: string) => within(stateFolder, project, 'passwords.json')
const belongsTo = (project: string) => JSON.stringify(['passwords', project])

/** Verifiers that releases have replaced; none if their seal cannot be opened. */
export const readReplaced = async (project: string): Promise<Replaced[]> => {
  const text = await readText(fileOf(project))
  const opened = text === null ? null : unseal(await recordKey(), text.trim(), belongsTo(project))
  return opened === null ? [] : (JSON.parse(opened) as Replaced[])
}

/** Remembers verifiers before they are replaced. */
export const rememberReplaced = async (project: string, more: Replaced[]) => {
  if (more.length === 0) return
  const kept = (await readReleases(project)).map(({ number }) => number)
  await write(project, withReplaced(await readReplaced(project), more, Math.min(...kept)))
}

/** Forgets what releases after this one have replaced, once it is put back. */
export const forgetReplaced = async (project: string, after: number) =>
  write(
    project,
    (await readReplaced(project)).filter(({ release }) => release <= after),
  )

export const removeReplaced = (project: string) => removePath(fileOf(project))

const write = async (project: string, all: Replaced[]) =>
  all.length === 0
    ? removeReplaced(project)
    : writeDurable(
        fileOf(project),
        `${seal(await recordKey(), JSON.stringify(all), belongsTo(project))}\n`,
      )
