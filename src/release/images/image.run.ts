import { EngineError } from '../../io/engine/http.ts'
import { notPulled } from '../../io/engine/images.ts'
import type { Engine } from '../../io/engine/engine.ts'
import { diskBytes } from '../../io/host/machine/resources.ts'
import type { Runner } from '../../plan/runner.ts'
import { label } from '../model.ts'
import { mebibytes } from '../../problem/mebibytes.ts'
import { isDiskFull, messageOf, Problem } from '../../problem/problem.ts'

export const runPull: Runner<'image.pull'> = async ({ reference }, { engine, note, signal }) => {
  if (await engine.images.find(reference)) return
  const layers = new Map<string, { current: number; total: number }>()
  try {
    await engine.images.pull(
      reference,
      (line) => {
        if (!line.id || !line.progressDetail?.total || line.status !== 'Downloading') return
        layers.set(line.id, {
          current: line.progressDetail.current ?? 0,
          total: line.progressDetail.total,
        })
        note(progressText([...layers.values()]))
      },
      signal,
    )
  } catch (error) {
    if (isDiskFull(messageOf(error))) throw await diskFull(engine, reference, messageOf(error))
    if (error instanceof EngineError) throw notPulled(reference, error.message)
    throw error
  }
}

const diskFull = async (engine: Engine, reference: string, reason: string) => {
  const { DockerRootDir } = await engine.system.info()
  const { freeBytes, totalBytes } = await diskBytes(DockerRootDir)
  return new Problem({
    code: 'server/disk-full',
    summary: 'The disk of the server is full.',
    detail: `There was no room for ${reference}; ${mebibytes(freeBytes)} of ${mebibytes(totalBytes)} are free under ${DockerRootDir}.`,
    fix: [
      'On the server, what takes the room: docker system df; du -xh / | sort -h | tail',
      'On the server, images that nothing uses: docker image prune',
    ],
    evidence: [reason],
  })
}

/** The tags under which the server's own builds left the same image: with the digest alone gone, it would stay. */
const tagsBeside = (reference: string, tags: string[]) =>
  tags.filter((tag) => tag.startsWith(`${reference.slice(0, reference.indexOf('@'))}:`))

const progressText = (layers: { current: number; total: number }[]) => {
  const megabytes = (pick: 'current' | 'total') =>
    (layers.reduce((sum, layer) => sum + layer[pick], 0) / 1e6).toFixed(1)
  return `${megabytes('current')} of ${megabytes('total')} MB`
}

/**
 * Removes an image with what is left of the tasks that ran it: ended containers would hold it. One
 * that something still uses stays; that is not this release's business.
 */
export const runRemoveImage: Runner<'image.remove'> = async ({ reference }, { engine, note }) => {
  const image = await engine.images.find(reference)
  if (!image) return
  const ended = { ancestor: [reference], status: ['exited', 'dead', 'created'] }
  for (const { Id, Labels } of await engine.containers.list(ended))
    if (Labels[label.project]) await engine.containers.remove(Id)
  try {
    await engine.images.remove(reference)
    for (const tag of tagsBeside(reference, image.RepoTags ?? [])) await engine.images.remove(tag)
  } catch (error) {
    if (!(error instanceof EngineError) || error.status !== 409) throw error
    note('still in use; it stays')
  }
}
