import { encryptFile } from '../../io/host/files/agefile.ts'
import { readText, sha256File, statOf, within, writeDurable } from '../../io/host/files/durable.ts'
import type { RunContext, Runner } from '../../plan/runner.ts'
import { Problem, problemsOf } from '../../problem/problem.ts'
import { copyName, folderOf, manifestName } from '../catalogue/backup-name.ts'
import { noteCopy, readBackups } from '../catalogue/catalogue.run.ts'
import { chainOf } from './chain.ts'
import { backupNamed, damaged } from './copy.run.ts'
import { withData } from '../lock.run.ts'
import { manifestText, parseManifest, withKey } from './manifest.ts'
import { type Backup, type Copy, localStore } from '../model.ts'
import { localFolder } from '../places.ts'
import { settingsOf } from '../settings/settings.run.ts'
import type { Store } from '../store.ts'
import { withStore } from '../store.run.ts'
import { withWork } from '../work.run.ts'

/**
 * Puts the server's own copy into a store: the dump, then its manifest, each read back. A store that
 * fails is noted in the catalogue and does not stop the run: others are waiting for theirs.
 */
export const runSend: Runner<'backup.send'> = ({ project, id, store }, context) =>
  withData(project, context, async () => {
    const backup = await backupNamed(project, id)
    const keep = (copy: Copy) => noteCopy(project, id, store, copy)
    const at = () => new Date(context.now()).toISOString()
    // Whoever is cut short sends it again, and does not leave in a store what nobody knows of.
    const problem = 'It is being sent, or whoever sent it was cut short.'
    await keep({ state: 'failed', at: at(), problem, begun: true })
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
  const copy = own(copyName(project, id, false))
  const manifest = own(manifestName(project, id, false))
  const files = encrypted
    ? await encryptBoth({ copy, manifest, project, id }, room, recipients, context)
    : { copy: await asItIs(copy, id), manifest: await asItIs(manifest, id) }
  return withStore(project, storeName, async (store) => {
    await store.sweep(context)
    await refuseWithout(chainOf(await readBackups(project), backup), storeName, store, context)
    const put = (name: string, { path, ...expected }: Ready) =>
      store.put(name, path, expected, context)
    await put(copyName(project, id, encrypted), files.copy)
    await put(manifestName(project, id, encrypted), files.manifest)
    const { bytes, sha256 } = files.copy
    return { bytes, sha256, encrypted }
  })
}

/**
 * Whoever reads the store alone must find a copy that can be restored: what it builds on must still be there. Somebody may
 * have emptied the store, or another server of that name has put its own in the place.
 */
const refuseWithout = async (
  chain: Backup[],
  storeName: string,
  store: Store,
  context: RunContext,
): Promise<void> => {
  const gone: string[] = []
  for (const { project, id, copies } of chain.slice(0, -1)) {
    const copy = copies[storeName]
    if (copy?.state === 'stored' && (await isThere(store, project, id, copy, context))) continue
    gone.push(id)
    if (copy?.state !== 'stored') continue
    const at = new Date(context.now()).toISOString()
    const problem = 'It is not there any more.'
    // The next run sends it again, before what builds on it.
    await noteCopy(project, id, storeName, { state: 'failed', at, problem })
  }
  if (gone.length > 0) throw notBefore(chain.at(-1)!.id, gone[0]!, storeName)
}

const isThere = async (
  store: Store,
  project: string,
  id: string,
  { encrypted, bytes }: Extract<Copy, { state: 'stored' }>,
  context: RunContext,
): Promise<boolean> => {
  const files = await store.list(folderOf(project, id), context)
  const [copy, manifest] = [copyName, manifestName].map((name) => name(project, id, encrypted))
  return (
    files.some(({ name }) => name === manifest) &&
    files.some((file) => file.name === copy && file.bytes === bytes)
  )
}

type Ready = { path: string; bytes: number; sha256: string }

const asItIs = async (path: string, id: string): Promise<Ready> => {
  const facts = await statOf(path)
  if (!facts) throw damaged(id, localStore, 'its file is gone')
  return { path, bytes: facts.size, sha256: await sha256File(path) }
}

/** The manifest is given the key of the copy before it is encrypted itself. */
const encryptBoth = async (
  { copy, manifest, project, id }: { copy: string; manifest: string; project: string; id: string },
  room: string,
  recipients: string[],
  context: RunContext,
): Promise<{ copy: Ready; manifest: Ready }> => {
  const encrypt = async (from: string, to: string) => {
    const path = within(room, to)
    const sha256 = await sha256File(from)
    return { path, ...(await encryptFile(from, path, recipients, sha256, context.signal)) }
  }
  context.note('encrypting')
  const { fileKey, ...ready } = await encrypt(copy, 'copy.age')
  const parsed = parseManifest((await readText(manifest)) ?? '', project, id)
  if (!parsed) throw damaged(id, localStore, 'its manifest cannot be read')
  const keyed = within(room, 'keyed.json')
  await writeDurable(keyed, manifestText(withKey(parsed, fileKey)))
  const { fileKey: _unused, ...manifestReady } = await encrypt(keyed, 'manifest.age')
  return { copy: ready, manifest: manifestReady }
}

const notBefore = (id: string, before: string, store: string) =>
  new Problem({
    code: 'data/not-before',
    summary: 'A store lacks what a backup builds on.',
    detail: `${id} has only what has changed since ${before}, which is not in ${store}.`,
    fix: ['zarpe backup now    # sends both again'],
  })
