import { askAdmin } from '../../io/caddy/admin.ts'
import type { Engine } from '../../io/engine/engine.ts'
import { canonical } from '../../plan/fingerprint.ts'
import { messageOf } from '../../problem/problem.ts'
import { probeToken, writeIfNew } from '../files.run.ts'
import type { EdgeApp } from '../model.ts'
import type { EdgePlace } from '../place.ts'
import { configRefused, notRunning, notSteered } from '../problems.ts'
import { edgePaths, type Generation, renderCaddy } from './render.ts'
import { awaitListening, forgetResetsSoon, steer, type SteerOutcome } from './steer.run.ts'

const readLimitMs = 10_000
/** A load waits for `shutdown_delay`; certificates are fetched after it, not in it. */
const loadLimitMs = 25_000

export type ApplyDoors = {
  engine: Engine
  place: EdgePlace
  sleep: (ms: number) => Promise<void>
  note: (text: string) => void
  /** Called before Caddy is given something new, and when it has refused that. */
  onLoad: () => Promise<void>
  onRefused: () => Promise<void>
}

/**
 * Makes the running Caddy serve these apps, without losing a request of anybody.
 *
 * A plain load of Caddy 2.11 does lose some: Go's `http.Server.Shutdown` closes idle connections at
 * once, and drops every request that it reads after that moment, also on connections it accepted
 * just before. Measured with 20 loads under 400 requests/s over HTTPS (new and kept connections,
 * HTTP/2, 3 s requests, 10 WebSockets, 10 event streams; Debian's 2.11.2, two busy cores):
 *
 *     a plain load                                      30 lost of  9,988, 15 idle resets
 *     with net.ipv4.tcp_migrate_req=1                   12 lost of  9,978,  7 idle resets
 *     with listeners handed in as files (`fd/3`)        17 lost of  9,974, 11 idle resets
 *     as done here                                       0 lost of 38,601,  0 idle resets
 *     as done here, every request on a new connection    0 lost of 38,877
 *
 * So it is not the kernel's queue. No WebSocket and no event stream ended in any of them.
 *
 * What is done here: the new configuration listens under another spelling of the address and on
 * private ports; the moment it does, new connections are led to it (`steer.run.ts`); the old one,
 * told by `shutdown_delay` that it has 4 s, asks every client with its next answer to come back on
 * a new connection, and closes its listeners when hardly anybody is left.
 * While it is not known who will listen, the lead to the old ones lasts for a few seconds only and is
 * renewed: if the steering is cut or fails at any point, new connections soon go to the public ports,
 * where whoever is left answers, and the worst is the plain load's loss. (A lead that stayed would
 * refuse every new connection until the next load, since the listeners it leads to have closed.)
 */
export const applyWanted = async (
  apps: EdgeApp[],
  doors: ApplyDoors,
): Promise<'same' | 'loaded'> => {
  const { place } = doors
  const paths = edgePaths(place.folder)
  const token = await probeToken(place.folder)
  const render = (generation: Generation) =>
    renderCaddy({ apps, probeToken: token, generation, folder: place.folder })
  const running = await readRunning(doors)
  const present = generationOf(running)
  const same = canonical(running) === canonical(render(present))
  if (!same) await load(JSON.stringify(render(present === 'odd' ? 'even' : 'odd')), present, doors)
  else await leadAgain(present, doors)
  // After a restart the network is new and no steering is in force: any generation can be first.
  await writeIfNew(paths.boot, `${JSON.stringify(render('odd'), null, 2)}\n`)
  return same ? 'same' : 'loaded'
}

type Running = { apps?: { http?: { servers?: { https?: { listen?: string[] } } } } } | null

/** The configuration that Caddy runs now, from Caddy itself. */
const readRunning = async ({ place }: ApplyDoors): Promise<Running> => {
  const answer = await askAdmin(edgePaths(place.folder).admin, {
    method: 'GET',
    path: '/config/',
    limitMs: readLimitMs,
  }).catch(tooSlow)
  if (!answer) throw notRunning('Caddy does not answer its admin socket.', [])
  if (answer.status !== 200)
    throw notRunning(`Caddy answered its configuration with ${answer.status}.`, [answer.text])
  return JSON.parse(answer.text) as Running
}

const generationOf = (running: Running): Generation =>
  running?.apps?.http?.servers?.https?.listen?.[0]?.startsWith('[::]') ? 'even' : 'odd'

/** Long enough to be renewed in time on a busy server; see `applyWanted`. */
const leadSeconds = 5
const renewMs = 1_000
const leadTriesMax = 5

const pidOf = async ({ engine, place }: ApplyDoors) =>
  (await engine.containers.find(place.container))?.State.Pid ?? 0

/** Whoever loaded last may have been cut before it could say where new connections belong. */
const leadAgain = async (present: Generation, doors: ApplyDoors) => {
  const pid = await pidOf(doors)
  if (pid > 0) await steer(pid, present, null)
}

/**
 * False where there is no `nft`. One that fails may leave an older lead in force, to listeners that
 * are about to close: then nothing is loaded.
 */
const firstLead = async (lead: () => Promise<SteerOutcome>, { sleep }: ApplyDoors) => {
  for (let tries = 1; ; tries++) {
    const outcome = await lead()
    if (outcome !== 'failed') return outcome === 'done'
    if (tries === leadTriesMax) throw notSteered()
    await sleep(renewMs)
  }
}

const load = async (body: string, present: Generation, doors: ApplyDoors) => {
  const { place, sleep, note } = doors
  const next = present === 'odd' ? 'even' : 'odd'
  const pid = await pidOf(doors)
  if (pid > 0) await forgetResetsSoon(pid)
  let leadTo: Generation = present
  const lead = () => steer(pid, leadTo, leadSeconds)
  const canSteer = pid > 0 && (await firstLead(lead, doors))
  if (!canSteer) note('no nft on this server: a few requests may be lost while routes change')
  await doors.onLoad()
  let ended = false
  const loading = askAdmin(edgePaths(place.folder).admin, {
    method: 'POST',
    path: '/load',
    body,
    limitMs: loadLimitMs,
  }).finally(() => {
    ended = true
  })
  // Its failure is told by the `await` below; until then it must not count as unhandled.
  const settled = loading.catch(() => null)
  const given = () => ended
  if (canSteer && (await awaitListening(pid, next, sleep, { given, meanwhile: lead }))) {
    leadTo = next
    await lead()
    while ((await Promise.race([settled, sleep(renewMs)])) === undefined) await lead()
  }
  const answer = await loading.catch(tooSlow)
  if (!answer) throw notRunning('Caddy went away while it was given new routes.', [])
  if (canSteer) await steer(pid, answer.status === 200 ? next : present, null)
  if (answer.status === 200) return
  await doors.onRefused()
  throw configRefused(reasonOf(answer.text))
}

/** A busy server may take longer than the limit; the next run finds out what became of it. */
const tooSlow = (error: unknown): never => {
  throw notRunning(`${messageOf(error)}.`, [])
}

const reasonOf = (text: string) => {
  try {
    return (JSON.parse(text) as { error?: string }).error ?? text
  } catch {
    return text
  }
}
