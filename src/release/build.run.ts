import type { App, Build, Service } from '../app/model.ts'
import { removePath, temporaryFile } from '../io/host/durable.ts'
import { run } from '../io/host/process.ts'
import type { Registry } from '../io/registry/serve.ts'
import { Problem } from '../problem/problem.ts'
import type { ReleasedImage } from './model.ts'
import { builtReference } from './names.ts'

const buildLimitMs = 3_600_000
const tag = 'latest'

/**
 * Builds a service's image with the laptop's own `docker build` and pushes it into the registry on
 * the laptop's loopback, from which servers take the layers they lack.
 */
export const buildImage = async (
  app: App,
  service: Service,
  registry: Registry,
  onLine: (line: string) => void,
): Promise<ReleasedImage> => {
  if (service.image.from !== 'build') throw new Error(`${service.name} is not built`)
  const name = `${app.project}/${service.name}`.toLowerCase()
  const pushed = `127.0.0.1:${registry.port}/${name}:${tag}`
  await build(service, service.image.build, pushed, onLine)
  const push = await run('docker', ['push', '--quiet', pushed], { limitMs: buildLimitMs, onLine })
  const sizeBytes = await sizeOf(pushed)
  const untag = await run('docker', ['image', 'rm', '--no-prune', pushed], { limitMs: 60_000 })
  const digest = registry.digestOf(name, tag)
  if (push.code !== 0 || !digest) throw notPushed(service, push.stderr)
  if (untag.code !== 0) onLine(`could not remove the tag ${pushed}: ${untag.stderr.trim()}`)
  const reference = builtReference(app.project, service.name.toLowerCase(), digest)
  return { reference, digest, ...(sizeBytes === null ? {} : { sizeBytes }) }
}

const sizeOf = async (name: string): Promise<number | null> => {
  const argv = ['image', 'inspect', '--format', '{{.Size}}', name]
  const { code, stdout } = await run('docker', argv, { limitMs: 30_000 })
  return code === 0 && /^\d+\s*$/.test(stdout) ? Number(stdout) : null
}

const build = async (
  service: Service,
  wanted: Build,
  name: string,
  onLine: (line: string) => void,
) => {
  const inline =
    wanted.dockerfileInline === null ? null : await temporaryFile(wanted.dockerfileInline)
  const dockerfile = inline ?? dockerfilePath(wanted)
  const argv = [
    'build',
    ...['--tag', name, '--tag', `zarpe-build/${name.slice(name.indexOf('/') + 1)}`],
    ...(dockerfile ? ['--file', dockerfile] : []),
    ...(wanted.target ? ['--target', wanted.target] : []),
    ...(wanted.platform ? ['--platform', wanted.platform] : []),
    // Only the names are in the process list; docker takes the values from its environment.
    ...Object.keys(wanted.args).flatMap((each) => ['--build-arg', each]),
    ...['--', wanted.context],
  ]
  const result = await run('docker', argv, {
    limitMs: buildLimitMs,
    onLine,
    env: { ...process.env, ...wanted.args, BUILDKIT_PROGRESS: 'plain' },
  })
  if (inline) await removePath(inline)
  if (result.code !== 0)
    throw notBuilt(service, `${result.stdout}\n${result.stderr}`, result.timedOut)
}

const dockerfilePath = (wanted: Build) => {
  if (!wanted.dockerfile) return null
  return wanted.dockerfile.startsWith('/')
    ? wanted.dockerfile
    : `${wanted.context}/${wanted.dockerfile}`
}

const notBuilt = (service: Service, output: string, timedOut: boolean) =>
  new Problem({
    code: 'image/not-built',
    summary: 'An image could not be built; nothing was sent to the server.',
    detail: timedOut
      ? `The build of "${service.name}" did not end within an hour.`
      : `The build of "${service.name}" failed.`,
    fix: [`docker compose build ${service.name}`],
    evidence: output
      .split('\n')
      .filter((line) => line.trim())
      .slice(-15),
  })

const notPushed = (service: Service, output: string) =>
  new Problem({
    code: 'image/not-packed',
    summary: 'An image could not be made ready for sending.',
    detail: `docker could not push the image of "${service.name}" to this machine's own registry.`,
    fix: ['docker info', 'Is there enough free disk on this machine?'],
    evidence: output.split('\n').filter(Boolean).slice(-6),
  })
