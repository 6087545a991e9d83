import { readText, removePath, statOf, within, writeDurable } from '../../io/host/files/durable.ts'
import { seal, unseal } from '../../secrets/seal.ts'
import { stateFolder } from '../places.ts'
import { recordKey } from './seal-key.run.ts'

type Told<Settings> = { fingerprint: string; settings: Settings; writtenAt: string }

type File = { fingerprint: string; sealed: string }

/**
 * Settings of projects that hold secrets: one file for each on the server, which only its own key opens. What was sealed as
 * another kind or for another project is no settings.
 */
export const sealedFile = <Settings>(kind: string) => {
  const fileOf = (project: string) => within(stateFolder, project, `${kind}.json`)
  const belongsTo = (project: string) => JSON.stringify([kind, project])
  return {
    /** What the server was told, and when; null before the first time, or if its seal is lost. */
    read: async (project: string): Promise<Told<Settings> | null> => {
      const text = await readText(fileOf(project))
      const writtenAt = (await statOf(fileOf(project)))?.mtime.toISOString()
      if (text === null || writtenAt === undefined) return null
      try {
        const { fingerprint, sealed } = JSON.parse(text) as File
        const opened = unseal(await recordKey(), sealed, belongsTo(project))
        return opened === null
          ? null
          : { fingerprint, settings: JSON.parse(opened) as Settings, writtenAt }
      } catch (error) {
        if (error instanceof SyntaxError) return null
        throw error
      }
    },
    write: async (project: string, settings: Settings, fingerprint: string): Promise<void> => {
      const sealed = seal(await recordKey(), JSON.stringify(settings), belongsTo(project))
      const file: File = { fingerprint, sealed }
      await writeDurable(fileOf(project), `${JSON.stringify(file)}\n`)
    },
    /** Whether the server was told anything, be it readable or not. */
    isThere: async (project: string): Promise<boolean> => (await statOf(fileOf(project))) !== null,
    remove: (project: string): Promise<void> => removePath(fileOf(project)),
  }
}
