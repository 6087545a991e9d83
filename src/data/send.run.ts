import { encryptFile } from '../io/host/agefile.ts'
import { sha256File, statOf, within } from '../io/host/durable.ts'
import type { RunContext, Runner } from '../plan/runner.ts'
import { problemsOf } from '../problem/problem.ts'
import { copyName, manifestName } from './backup-name.ts'
import { amendBackup } from './catalogue.run.ts'
import { backupNamed } from './copy.run.ts'
import { withData } from './lock.run.ts'
import type { Backup, Copy } from './model.ts'
import { localFolder } from './places.ts'
import { settingsOf } from './settings.run.ts'
import { withStore } from './store.run.ts'
import { withWork } from './work.run.ts'

/**
 * Puts the server's own copy into a store: the dump, then its manifest, each read back. A store that
 * fails is noted in the catalogue and does not stop the run: others are waiting for theirs.
 */
export const runSend: Runner<'backup.send'> = ({ project, id, store }, context) =>
  withData(project, context, async () => {
    const backup = await backupNamed(project, id)
    const keep = (copy: Copy) =>
      amendBackup(project, id, (present) => ({
        ...present,
        copies: { ...present.copies, [store]: copy },
      }))
    const at = () => new Date(context.now()).toISOString()
    try {
      const sent = await withWork(project, context, (_data, room) =>
        send(backup, store, room, context),
      )
      await keep({ state: 'stored', at: at(), ...sent })
    } catch (error) {
      const [problem] = problemsOf(error)
      if (!problem) throw error
      context.note(problem.detail)
      await keep({ state: 'failed', at: at(), problem: `${problem.summary} ${problem.detail}` })
    }
  })

type Sent = { bytes: number; sha256: string; encrypted: boolean }

const send = async (
  backup: Backup,
  storeName: string,
  room: string,
  context: RunContext,
): Promise<Sent> => {
  const { project, id } = backup
  const { recipients } = await settingsOf(project)
  const encrypted = recipients.length > 0
  const own = (name: string) => within(localFolder, name)
  const ready = async (plain: string, name: string) => {
    const sha256 = await sha256File(own(plain))
    if (!encrypted) return { file: own(plain), sha256, bytes: (await statOf(own(plain)))!.size }
    context.note('encrypting')
    const file = within(room, `${name.split('/').at(-1)}`)
    return { file, ...(await encryptFile(own(plain), file, recipients, sha256, context.signal)) }
  }
  return withStore(project, storeName, async (store) => {
    await store.sweep(context)
    const names = [copyName, manifestName].map((nameOf) => ({
      plain: nameOf(project, id, false),
      name: nameOf(project, id, encrypted),
    }))
    let first: Sent | null = null
    for (const { plain, name } of names) {
      const { file, ...expected } = await ready(plain, name)
      await store.put(name, file, expected, context)
      first ??= { ...expected, encrypted }
    }
    return first!
  })
}
