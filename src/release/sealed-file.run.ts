import { readText, removePath, within, writeDurable } from '../io/host/durable.ts'
import { seal, unseal } from '../secrets/seal.ts'
import { stateFolder } from './records.run.ts'
import { recordKey } from './seal-key.run.ts'

type File = { fingerprint: string; sealed: string }

/**
 * Settings of projects that hold secrets: one file for each on the server, which only its own key opens. What was sealed as
 * another kind or for another project is no settings.
 */
export const sealedFile = <Settings>(kind: string) => {
  const fileOf = (project: string) => within(stateFolder, project, `${kind}.json`)
  const belongsTo = (project: string) => JSON.stringify([kind, project])
  return {
    /** What the server was told; null before the first time, or if its seal is lost. */
    read: async (project: string): Promise<{ fingerprint: string; settings: Settings } | null> => {
      const text = await readText(fileOf(project))
      if (text === null) return null
      try {
        const { fingerprint, sealed } = JSON.parse(text) as File
        const opened = unseal(await recordKey(), sealed, belongsTo(project))
        return opened === null ? null : { fingerprint, settings: JSON.parse(opened) as Settings }
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
    remove: (project: string): Promise<void> => removePath(fileOf(project)),
  }
}
