import { EngineError } from '../io/engine/http.ts'
import { notPulled } from '../io/engine/images.ts'
import type { Runner } from '../plan/runner.ts'

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
    if (error instanceof EngineError) throw notPulled(reference, error.message)
    throw error
  }
}

const progressText = (layers: { current: number; total: number }[]) => {
  const megabytes = (pick: 'current' | 'total') =>
    (layers.reduce((sum, layer) => sum + layer[pick], 0) / 1e6).toFixed(1)
  return `${megabytes('current')} of ${megabytes('total')} MB`
}

/** An image that something else still uses stays; that is not this release's business. */
export const runRemoveImage: Runner<'image.remove'> = async ({ reference }, { engine }) => {
  try {
    await engine.images.remove(reference)
  } catch (error) {
    if (!(error instanceof EngineError) || error.status !== 409) throw error
  }
}
