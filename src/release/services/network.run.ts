import { EngineError } from '../../io/engine/http.ts'
import type { Runner } from '../../plan/runner.ts'
import { label } from '../model.ts'

export const runCreateNetwork: Runner<'network.create'> = async ({ project }, { engine }) => {
  if (await engine.networks.find(project)) return
  await engine.networks.createOverlay(project, { [label.project]: project })
}

/** Swarm lets go of a network a moment after the last task is gone, so removal is tried again. */
export const runRemoveNetwork: Runner<'network.remove'> = async ({ project }, context) => {
  for (;;) {
    try {
      return void (await context.engine.networks.remove(project))
    } catch (error) {
      if (!(error instanceof EngineError) || context.signal.aborted) throw error
      context.note(error.message)
      await context.sleep(300)
    }
  }
}
