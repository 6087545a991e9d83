import type { App, Build, Service } from '../../app/model.ts'
import { withTemporaryFile, withTemporaryFolder, within } from '../../io/host/durable.ts'
import { run, runOk } from '../../io/host/process.ts'
import { ownProcessor } from '../../io/host/processor.ts'
import type { Archives } from '../../io/registry/archive.ts'
import { argumentsOf } from './arguments.ts'
import type { Builder } from './builder.ts'
import { builtForOther, notBuilt, notPushed } from './problems.ts'
import type { SameBuild } from './same-builds.ts'
import type { ReleasedImage } from '../model.ts'
import { builtReference } from '../names.ts'

const buildLimitMs = 3_600_000
const tag = 'latest'

/**
 * Builds the image of services with the user's own `docker build`, once, and pushes it under the name of each into the
 * registry beside the engine that built it, which is how the image gets the digest it is released by.
 */
export const buildImage = async (
  app: App,
  services: SameBuild,
  builder: Builder,
  onLine: (service: string, line: string) => void,
): Promise<Record<string, ReleasedImage>> => {
  const [first, ...others] = services
  if (first.image.from !== 'build') throw new Error(`${first.name} is not built`)
  const docker = dockerOf(builder)
  const { built } = namesOf(app, first, builder)
  await build(first, first.image.build, builder, built, (line) => onLine(first.name, line))
  for (const other of others) {
    const { code, stderr } = await docker(
      ['image', 'tag', built, namesOf(app, other, builder).built],
      60_000,
    )
    if (code !== 0) throw notPushed(other, stderr)
  }
  const images: Record<string, ReleasedImage> = {}
  for (const service of services)
    images[service.name] = await named(app, service, builder, (line) => onLine(service.name, line))
  return images
}

const namesOf = (app: App, service: Service, builder: Builder): Names => {
  const name = `${app.project}/${service.name}`.toLowerCase()
  const pushed = `${builder.address}/${name}:${tag}`
  // A name of its own keeps the layers for the next build when the pushed one is taken away again.
  return { pushed, built: builder.pushed ? `zarpe-build/${name}:${tag}` : pushed }
}

/** Has what was built pushed, unless it was before. */
const named = async (
  app: App,
  service: Service,
  builder: Builder,
  onLine: (line: string) => void,
): Promise<ReleasedImage> => {
  const docker = dockerOf(builder)
  const { built, pushed } = namesOf(app, service, builder)
  const { id, sizeBytes, processor } = await inspect(docker, built)
  if (processor !== null && !runsOn(builder, service, processor))
    throw builtForOther(service, processor, builder.processor)
  const known = id === null ? null : await builder.pushed?.find(id)
  const digest = known ?? (await push(service, builder, { built, pushed }, onLine))
  if (!known && id !== null) await builder.pushed?.remember(id, digest)
  const reference = builtReference(builder.name, app.project, service.name.toLowerCase(), digest)
  return { reference, digest, ...(sizeBytes === null ? {} : { sizeBytes }) }
}

/** Whoever writes `platform` into the Compose file may have a server that emulates it. */
const runsOn = (builder: Builder, service: Service, processor: string) =>
  processor === builder.processor ||
  (service.image.from === 'build' && service.image.build.platform !== null)

type Names = { built: string; pushed: string }

/** Pushes what was built, and answers the digest that it has by that. */
const push = async (
  service: Service,
  builder: Builder,
  { built, pushed }: Names,
  onLine: (line: string) => void,
): Promise<string> => {
  const docker = dockerOf(builder)
  if (built !== pushed) await docker(['image', 'tag', built, pushed], 60_000)
  const { code, stdout, stderr } = await docker(['push', pushed], buildLimitMs, onLine)
  const digest = /^\S+: digest: (sha256:[0-9a-f]{64}) size: \d+\s*$/m.exec(stdout)?.[1]
  if (built !== pushed) await untag(docker, pushed, onLine)
  if (code === 0 && digest) return digest
  if (!builder.archives || !isOutOfReach.test(stderr)) throw notPushed(service, stderr)
  onLine('the engine does not reach this program; the image is taken out of it whole')
  return takenOut(service, docker, builder.archives, built)
}

/** What an engine says in whose network this machine's own address is another: one in a virtual machine, rootless, or remote. */
const isOutOfReach = /dial tcp|refused|time-?out|deadline exceeded|unreachable|proxyconnect|EOF/i

/** Has the engine save an image, and puts it into the registry in its place. */
const takenOut = (
  service: Service,
  docker: Docker,
  archives: Archives,
  name: string,
): Promise<string> =>
  withTemporaryFolder(async (folder) => {
    const archive = within(folder, 'archive.tar')
    const saved = await docker(['image', 'save', '--output', archive, name], buildLimitMs)
    if (saved.code !== 0) throw notPushed(service, saved.stderr)
    await runOk('tar', ['-xf', archive, '-C', folder], { limitMs: buildLimitMs })
    return archives.put(folder)
  })

const untag = async (docker: Docker, name: string, onLine: (line: string) => void) => {
  const { code, stderr } = await docker(['image', 'rm', '--no-prune', name], 60_000)
  if (code !== 0) onLine(`could not remove the tag ${name}: ${stderr.trim()}`)
}

type Docker = ReturnType<typeof dockerOf>

const dockerOf =
  (builder: Builder) => (argv: string[], limitMs: number, onLine?: (line: string) => void) =>
    run('docker', argv, {
      limitMs,
      env: builder.env,
      signal: builder.signal,
      ...(onLine ? { onLine } : {}),
    })

/** What the engine calls an image, how large it is unpacked, and for which processor it is. */
const inspect = async (docker: Docker, name: string) => {
  const argv = ['image', 'inspect', '--format', '{{.Id}} {{.Size}} {{.Architecture}}', name]
  const { code, stdout } = await docker(argv, 30_000)
  const [, id, size, processor] = (code === 0 ? /^(\S+) (\d+) (\S+)\s*$/.exec(stdout) : null) ?? []
  return {
    id: id ?? null,
    sizeBytes: size === undefined ? null : Number(size),
    processor: processor ?? null,
  }
}

const build = async (
  service: Service,
  wanted: Build,
  builder: Builder,
  name: string,
  onLine: (line: string) => void,
  dockerfile = dockerfilePath(wanted),
): Promise<void> => {
  const inline = wanted.dockerfileInline
  if (inline !== null && dockerfile === null)
    return withTemporaryFile(inline, (path) => build(service, wanted, builder, name, onLine, path))
  const platform = wanted.platform ?? platformFor(builder)
  const argv = [
    'build',
    ...['--tag', name],
    ...(dockerfile ? ['--file', dockerfile] : []),
    ...(wanted.target ? ['--target', wanted.target] : []),
    ...(platform ? ['--platform', platform] : []),
    ...argumentsOf(wanted.args).argv,
    ...['--', wanted.context],
  ]
  const result = await run('docker', argv, {
    limitMs: buildLimitMs,
    onLine,
    env: { ...builder.env, ...argumentsOf(wanted.args).env, BUILDKIT_PROGRESS: 'plain' },
    signal: builder.signal,
  })
  if (result.code !== 0)
    throw notBuilt(service, `${result.stdout}\n${result.stderr}`, result.timedOut, platform)
}

/** An engine that builds for its own processor is told nothing: it might look for its base images once more. */
const platformFor = ({ on, processor }: Builder): string | null =>
  on === 'laptop' && processor !== ownProcessor() ? `linux/${processor}` : null

const dockerfilePath = (wanted: Build): string | null => {
  if (!wanted.dockerfile || wanted.dockerfileInline !== null) return null
  return wanted.dockerfile.startsWith('/')
    ? wanted.dockerfile
    : `${wanted.context}/${wanted.dockerfile}`
}
