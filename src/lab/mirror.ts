import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../problem/problem.ts'
import { docker, dockerLines, dockerOk } from './docker.ts'
import type { Report } from './home.ts'
import { isHubReachable } from './hub.ts'
import { baseTag, ensureBase } from './images/base.ts'
import { registryTag } from './images/images.ts'
import { ensureImage } from './images/recipe.ts'
import { ensureStandIns, usualNames } from './images/standins.ts'
import { withLock } from './lock.ts'
import { addresses, ensureNetwork } from './network.ts'
import { ensureService } from './service.ts'

const container = 'zarpe-lab-mirror'
const answerLimitMs = 30_000
const pushLimitMs = 5 * 60_000

/**
 * What a server's engine must be told to find the mirror; it is in `/etc/docker/daemon.json` of
 * every server before Docker is installed. The engine takes plain HTTP from it only if it is
 * named as insecure as well.
 */
export const mirrorSettings = {
  'registry-mirrors': [`http://${addresses.mirror}:5000`],
  'insecure-registries': [`${addresses.mirror}:5000`],
} as const

/**
 * Where Docker Hub is out of reach: a registry on the lab's network that the servers' engines
 * take for a mirror of it, with the stand-ins under their official names. Elsewhere, nothing.
 */
export const ensureMirror = (report: Report): Promise<void> => ensureServed(usualNames, report)

/** The same of these names alone, which a server then can pull: those that are rarely needed are made so. */
export const ensureServed = async (names: readonly string[], report: Report): Promise<void> => {
  if (await isHubReachable()) return
  await withLock('lab', async () => {
    await ensureBase('trixie', report)
    await ensureNetwork(report)
    await ensureImage({ tag: registryTag, folder: 'registry', base: baseTag('trixie') }, report)
    await ensureStandIns(names, report)
    const data = '/var/lib/docker-registry'
    // The machine pushes through its loopback, which every engine trusts without TLS.
    const publish = '127.0.0.1::5000'
    const service = { name: container, tag: registryTag, address: addresses.mirror, data, publish }
    await ensureService(service, report)
    const port = await hostPort()
    await awaitAnswer(port)
    const ids = await dockerLines(['image', 'inspect', '--format', '{{.Id}}', ...names])
    const served = await Promise.all(names.map((name) => servedId(name, port)))
    for (const [index, name] of names.entries()) {
      if (served[index] !== ids[index]) await push(name, port, report)
    }
  })
}

/** Serves an image that this machine's engine has beside the usual ones, under its own name. */
export const serveToo = async (name: string, report: Report): Promise<void> =>
  withLock('lab', async () => push(name, await hostPort(), report))

const hostPort = async (): Promise<number> =>
  Number((await dockerOk(['port', container, '5000/tcp'])).split('\n')[0]?.split(':').pop())

const awaitAnswer = async (port: number) => {
  const deadline = Date.now() + answerLimitMs
  while (!(await answers(port))) {
    if (Date.now() > deadline) throw silent()
    await sleep(100)
  }
}

const answers = async (port: number): Promise<boolean> => {
  try {
    const signal = AbortSignal.timeout(2_000)
    return (await fetch(`http://127.0.0.1:${port}/v2/`, { signal })).ok
  } catch {
    return false
  }
}

const push = async (name: string, port: number, report: Report) => {
  report(`serving ${name}`)
  const pushed = `127.0.0.1:${port}/${pathOf(name)}`
  await dockerOk(['tag', name, pushed])
  try {
    await dockerOk(['push', '--quiet', pushed], { limitMs: pushLimitMs })
  } finally {
    await docker(['rmi', '--no-prune', pushed])
  }
}

/** Docker Hub keeps what has no owner in its name under `library`. */
const pathOf = (name: string) => (name.includes('/') ? name : `library/${name}`)

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json'

/** The id of the image the mirror serves under a name: the digest of its configuration. */
const servedId = async (name: string, port: number): Promise<string | undefined> => {
  const [repository, reference] = pathOf(name).split(':')
  const url = `http://127.0.0.1:${port}/v2/${repository}/manifests/${reference}`
  const signal = AbortSignal.timeout(10_000)
  const response = await fetch(url, { headers: { accept: manifestType }, signal })
  const manifest = (await response.json()) as { config?: { digest?: string } }
  return response.ok ? manifest.config?.digest : undefined
}

const silent = () =>
  new Problem({
    code: 'lab/mirror-silent',
    summary: "The lab's mirror of Docker Hub did not start.",
    detail: `The registry in the container "${container}" gave no answer in ${answerLimitMs / 1000} s.`,
    fix: [`docker logs ${container}`],
  })
