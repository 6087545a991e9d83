import { askAdmin } from '../io/caddy/admin.ts'
import { EngineError } from '../io/engine/http.ts'
import type { Engine } from '../io/engine/engine.ts'
import type { Container, ContainerCreate } from '../io/engine/types.ts'
import { readText } from '../io/host/files/durable.ts'
import { run } from '../io/host/processes/process.ts'
import type { RunContext } from '../plan/runner.ts'
import { edgePaths, renderCaddy } from './caddy/render.ts'
import { probeToken, readApps, writeIfNew, writeRoots } from './files.run.ts'
import { lastLines } from './logs.run.ts'
import type { EdgePlace } from './place.ts'
import { notRunning, portTaken } from './problems.ts'
import type { EdgeSteps } from './steps.ts'

/** Raise it when a container made by an older Zarpe must be replaced. */
const recipe = '1'
const labels = { image: 'zarpe.edge.image', recipe: 'zarpe.edge.recipe' }
const answerWithinMs = 30_000
const pollMs = 100

/** With it Docker keeps names without a dot to itself, whether somebody holds them or not. */
const dnsOptions = { DnsOptions: ['ndots:1'] }

/** Makes the edge's container run. One that runs already, as wanted, is left alone. */
export const runStart = async (
  place: EdgePlace,
  { image }: EdgeSteps['edge.start'],
  context: RunContext,
): Promise<void> => {
  const { engine, note, signal } = context
  const present = await engine.containers.find(place.container)
  const asWanted =
    present?.Config.Labels?.[labels.image] === image &&
    present.Config.Labels[labels.recipe] === recipe
  if (!asWanted) {
    if (!(await engine.images.find(image))) {
      note(`pulling ${image}`)
      await engine.images.pull(image, () => undefined, signal)
    }
    const body = await containerOf(place, image, engine)
    await writeBoot(place)
    if (present) await engine.containers.remove(place.container)
    await engine.containers.create(place.container, body)
    await attachAgain(place, engine, present)
  } else if (!(await readText(edgePaths(place.folder).boot))) await writeBoot(place)
  await startContainer(place, context, asWanted)
  await awaitAnswer(place, context)
}

/** What Caddy begins with after each start: everything that was configured before. */
const writeBoot = async (place: EdgePlace) => {
  const apps = await readApps(place.folder)
  await writeRoots(place.folder, apps)
  const config = renderCaddy({
    apps,
    probeToken: await probeToken(place.folder),
    generation: 'odd',
    folder: place.folder,
  })
  await writeIfNew(edgePaths(place.folder).boot, `${JSON.stringify(config, null, 2)}\n`)
}

const containerOf = async (
  place: EdgePlace,
  image: string,
  engine: Engine,
): Promise<ContainerCreate> => {
  const found = await engine.images.find(image)
  const at = (port: number) => [{ HostPort: String(port) }]
  return {
    // By digest: a tag that moves must not change what a restart brings up.
    Image: found?.RepoDigests?.[0] ?? found?.Id ?? image,
    Cmd: ['caddy', 'run', '--config', edgePaths(place.folder).boot],
    Labels: { [labels.image]: image, [labels.recipe]: recipe, 'zarpe.role': 'edge' },
    ExposedPorts: { '80/tcp': {}, '443/tcp': {}, '443/udp': {} },
    HostConfig: {
      ...dnsOptions,
      // `unless-stopped` stays down after a killed dockerd.
      RestartPolicy: { Name: 'always' },
      PortBindings: {
        '80/tcp': at(place.httpPort),
        '443/tcp': at(place.httpsPort),
        '443/udp': at(place.httpsPort),
      },
      Mounts: [
        { Type: 'bind', Source: place.folder, Target: place.folder },
        { Type: 'volume', Source: place.dataVolume, Target: '/data' },
      ],
    },
  }
}

/** A new container in the place of an old one joins what the old one had joined. */
const attachAgain = async (place: EdgePlace, engine: Engine, old: Container | null) => {
  const names = Object.keys(old?.NetworkSettings.Networks ?? {}).filter((name) => name !== 'bridge')
  for (const name of names) {
    if (await engine.networks.find(name)) await engine.networks.connect(name, place.container)
  }
}

const startContainer = async (place: EdgePlace, { engine }: RunContext, keep: boolean) => {
  try {
    await engine.containers.start(place.container)
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    if (!keep) await engine.containers.remove(place.container)
    const port = takenPort(error.message, place)
    if (!port) throw notRunning(error.message, [])
    throw portTaken(port, await programAt(port))
  }
}

/** Which of our ports the engine says is taken; each version of Docker words it in its own way. */
const takenPort = (message: string, place: EdgePlace): number | null => {
  if (!/address already in use|port is already allocated/.test(message)) return null
  const ports = [place.httpPort, place.httpsPort]
  return ports.find((port) => new RegExp(`:${port}\\b`).test(message)) ?? place.httpPort
}

/** The program that listens on a port: `"nginx" (process 812)`. */
const programAt = async (port: number): Promise<string | null> => {
  const argv = ['-Hltnp', `sport = :${port}`]
  const result = await run('ss', argv, { limitMs: 5_000 }).catch(() => null)
  const pid = /users:\(\("[^"]*",pid=(\d+)/.exec(result?.stdout ?? '')?.[1]
  if (!pid) return null
  // By its command line: the name that `ss` prints can be that of a thread.
  const file = ((await readText(`/proc/${pid}/cmdline`)) ?? '').split(/[\0 ]/)[0]!
  return `"${file.split('/').at(-1)}" (process ${pid})`
}

const awaitAnswer = async (place: EdgePlace, { engine, signal, sleep }: RunContext) => {
  const socket = edgePaths(place.folder).admin
  for (let waitedMs = 0; waitedMs < answerWithinMs && !signal.aborted; waitedMs += pollMs) {
    const call = { method: 'GET', path: '/config/', limitMs: 2_000 } as const
    const answer = await askAdmin(socket, call).catch(() => null)
    if (answer?.status === 200) return
    await sleep(pollMs)
  }
  throw notRunning(
    `Caddy did not answer within ${answerWithinMs / 1000} s of its start.`,
    await lastLines(engine, place.container),
  )
}
