import type { App, Build, Service } from '../../app/model.ts'
import { withTemporaryFile } from '../../io/host/files/durable.ts'
import { run } from '../../io/host/processes/process.ts'
import { ownProcessor, runsOn } from '../../io/host/machine/processor.ts'
import { argumentsOf } from './arguments.ts'
import type { Builder } from './builder.ts'
import { dockerOf, type EngineImage, inspect } from './docker.run.ts'
import { builtForOther, notBuilt, notPushed } from './problems.ts'
import { push } from './push.run.ts'
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
  const image = await buildFitting({
    service: first,
    wanted: first.image.build,
    builder,
    name: built,
    onLine: (line) => onLine(first.name, line),
  })
  for (const other of others) {
    const { code, stderr } = await docker(
      ['image', 'tag', built, namesOf(app, other, builder).built],
      60_000,
    )
    if (code !== 0) throw notPushed(other, stderr)
  }
  const images: Record<string, ReleasedImage> = {}
  for (const service of services)
    images[service.name] = await named(app, service, builder, image, (line) =>
      onLine(service.name, line),
    )
  return images
}

const namesOf = (app: App, service: Service, builder: Builder) => {
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
  { id, sizeBytes }: EngineImage,
  onLine: (line: string) => void,
): Promise<ReleasedImage> => {
  const { built, pushed } = namesOf(app, service, builder)
  const known = id === null ? null : await builder.pushed?.find(id)
  const name = { image: id ?? built, pushed, isBuiltSo: built === pushed }
  const digest = known ?? (await push(service, builder, name, onLine))
  if (!known && id !== null) await builder.pushed?.remember(id, digest)
  const reference = builtReference(builder.name, app.project, service.name.toLowerCase(), digest)
  return { reference, digest, ...(sizeBytes === null ? {} : { sizeBytes }) }
}

/** One build: whose image, from what, by which engine, under which name. */
type Work = {
  service: Service
  wanted: Build
  builder: Builder
  name: string
  onLine: (line: string) => void
}

/**
 * Builds for the processor of the server. An engine that has it is not asked to, for it might look for its base images once
 * more; one that builds for another all the same, because it is elsewhere or told so by its user, is asked then.
 */
const buildFitting = async (work: Work): Promise<EngineImage> => {
  const { service, wanted, builder, name } = work
  const platform = `linux/${builder.processor}`
  const isAsked = builder.on === 'laptop' && builder.processor !== ownProcessor()
  const fits = ({ processor }: EngineImage) =>
    // Whoever writes `platform` into the Compose file may have a server that emulates it.
    wanted.platform !== null || processor === null || runsOn(processor, builder.processor)
  const buildAs = async (asked: string | null) => {
    await build(work, asked)
    return inspect(dockerOf(builder), name)
  }
  let image = await buildAs(isAsked ? platform : null)
  if (!fits(image) && !isAsked) image = await buildAs(platform)
  if (!fits(image)) throw builtForOther(service, image.processor!, builder.processor)
  return image
}

const build = async (
  work: Work,
  asked: string | null,
  dockerfile = dockerfilePath(work.wanted),
): Promise<void> => {
  const { service, wanted, builder, name, onLine } = work
  const inline = wanted.dockerfileInline
  if (inline !== null && dockerfile === null)
    return withTemporaryFile(inline, (path) => build(work, asked, path))
  const platform = wanted.platform ?? asked
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

const dockerfilePath = (wanted: Build): string | null => {
  if (!wanted.dockerfile || wanted.dockerfileInline !== null) return null
  return wanted.dockerfile.startsWith('/')
    ? wanted.dockerfile
    : `${wanted.context}/${wanted.dockerfile}`
}
