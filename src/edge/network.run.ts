import type { RunContext } from '../plan/runner.ts'
import type { EdgePlace } from './place.ts'
import { notRunning } from './problems.ts'

const isAttached = async (place: EdgePlace, network: string, { engine }: RunContext) => {
  const container = await engine.containers.find(place.container)
  return container ? network in container.NetworkSettings.Networks : null
}

/** Joins the running edge to a network; its other connections are not touched. */
export const runAttach = async (
  place: EdgePlace,
  { network }: { network: string },
  context: RunContext,
): Promise<void> => {
  const attached = await isAttached(place, network, context)
  if (attached === null) throw notRunning(`There is no container ${place.container}.`, [])
  if (!attached) await context.engine.networks.connect(network, place.container)
}

/** Takes the edge out of a network; without edge or network there is nothing to do. */
export const runDetach = async (
  place: EdgePlace,
  { network }: { network: string },
  context: RunContext,
): Promise<void> => {
  if (await isAttached(place, network, context))
    await context.engine.networks.disconnect(network, place.container)
}
