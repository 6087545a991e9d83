import { takeLock } from '../agent/lock.run.ts'
import type { RunContext } from '../plan/runner.ts'
import { Problem } from '../problem/problem.ts'
import { applyWanted } from './caddy/apply.run.ts'
import { partSettings, readApps, writeApp, writeRoots } from './files.run.ts'
import type { ConfiguredApp } from './model.ts'
import type { EdgePlace } from './place.ts'
import type { EdgeSteps } from './steps.ts'
import { refuseTaken } from './taken.ts'

const lockRetryMs = 250

/**
 * Sets one application's routes. Its file says what is served only after Caddy has taken it, so that
 * what was refused is never part of a later configuration; while Caddy is at it, the file says that
 * something else is being set. Whoever is cut there leaves that behind for the next plan to see.
 */
export const runConfigure = async (
  place: EdgePlace,
  { project, app }: EdgeSteps['edge.configure'],
  context: RunContext,
): Promise<void> => {
  const { folder } = place
  const lock = await edgeLock(place, project, context)
  const keep = (it: ConfiguredApp | null) => writeApp(folder, project, it)
  try {
    const there = await readApps(folder)
    const wanted = app && app.routes.length > 0 ? app : null
    // Two apps that were planned at once can't have known of each other.
    refuseTaken(there, wanted)
    await partSettings(folder, there)
    const before = there.find((each) => each.project === project) ?? null
    const others = there.filter((each) => each !== before)
    const apps = wanted ? [...others, wanted] : others
    await writeRoots(folder, apps)
    const outcome = await applyWanted(apps, {
      ...context,
      place,
      onLoad: () => keep({ ...(before ?? { project, routes: [], settings: {} }), pending: true }),
      onRefused: () => keep(before),
    })
    await keep(wanted)
    context.note(outcome === 'same' ? 'Caddy serves this already' : 'Caddy serves it so')
  } finally {
    await lock.release()
  }
}

/** Two applications may be deployed at once, but there is one edge: the second waits. */
const edgeLock = async (
  { locks }: EdgePlace,
  project: string,
  { now, sleep, signal }: RunContext,
) => {
  for (;;) {
    try {
      return await takeLock('edge', project, 'deploy', new Date(now()).toISOString(), locks)
    } catch (error) {
      const held = error instanceof Problem && error.data.code === 'agent/locked'
      if (!held || signal.aborted) throw error
      await sleep(lockRetryMs)
    }
  }
}
