import type { App } from '../../app/model.ts'
import { runsOn } from '../../io/host/machine/processor.ts'
import { type ProblemData, Problems } from '../../problem/problem.ts'
import type { Resolved } from '../methods.ts'
import type { Release, ReleasedImage } from '../model.ts'

/** Names of images that come from a registry and must be resolved by the server. */
export const referencesOf = (app: App): string[] => [
  ...new Set(
    app.services.flatMap((service) =>
      service.image.from === 'registry' ? [service.image.reference] : [],
    ),
  ),
]

/**
 * One image for each service, or a problem for each name that stands for nothing, or for nothing that runs on the
 * server's `processor` where that is known.
 */
export const imagesFor = (
  app: App,
  built: Record<string, ReleasedImage>,
  resolved: Record<string, Resolved>,
  processor?: string,
): Record<string, ReleasedImage> => {
  const problems: ProblemData[] = []
  const images: Record<string, ReleasedImage> = {}
  for (const service of app.services) {
    if (service.image.from === 'build') {
      images[service.name] = built[service.name]!
      continue
    }
    const found = resolved[service.image.reference]!
    if ('problem' in found)
      problems.push(notFound(service.name, service.image.reference, found.problem))
    else if (processor && !service.image.platform && isForOthers(found.processors, processor))
      problems.push(
        otherProcessor(service.name, service.image.reference, found.processors!, processor),
      )
    else images[service.name] = { reference: found.reference, digest: found.digest }
  }
  if (problems.length > 0) throw new Problems(problems)
  return images
}

/**
 * The images of the current release, for a release of new values alone: nothing is built, and what
 * runs is what ran. Throws for a service that has none yet.
 */
export const builtBefore = (app: App, current: Release | null): Record<string, ReleasedImage> => {
  const built = app.services.filter(({ image }) => image.from === 'build')
  const found = built.map(({ name }) => {
    const before = current?.services.find(({ service }) => service === name)
    return [name, before?.image] as const
  })
  const missing = found.flatMap(([name, image]) => (image ? [] : [neverBuilt(name)]))
  if (missing.length > 0) throw new Problems(missing)
  return Object.fromEntries(found.flatMap(([name, image]) => (image ? [[name, image]] : [])))
}

const neverBuilt = (service: string): ProblemData => ({
  code: 'image/never-built',
  summary: 'A service has no image yet; nothing was changed.',
  detail: `"${service}" is in no current release, so there is nothing that --no-build could keep.`,
  fix: ['zarpe deploy'],
})

/** Services whose Compose file asks for another processor than the server's, which must emulate it. */
export const platformNotes = (app: App, processor: string | undefined): string[] =>
  app.services.flatMap(({ name, image }) => {
    const platform = image.from === 'build' ? image.build.platform : image.platform
    const asked = platform?.split('/')[1]
    if (!asked || !processor || runsOn(asked, processor)) return []
    return [`${name} is for ${platform}, and the server has ${processor}: it must emulate that`]
  })

/** A registry that tells of no processor may well have the image for this one. */
const isForOthers = (processors: string[] = [], processor: string) =>
  processors.length > 0 && !processors.some((each) => runsOn(each, processor))

/** An image that the server could pull and not run. */
const otherProcessor = (
  service: string,
  reference: string,
  processors: string[],
  processor: string,
): ProblemData => ({
  code: 'image/other-processor',
  summary: 'An image does not run on the processor of the server; nothing was changed.',
  detail: `Service "${service}" wants ${reference}, which is there for ${processors.join(', ')}; the server has ${processor}.`,
  fix: [
    `Choose an image or a tag that is there for ${processor}: docker manifest inspect ${reference}`,
  ],
})

/** Why a registry gave no digest, told apart by the engine's words, which differ between versions. */
const notFound = (service: string, reference: string, reason: string): ProblemData => {
  const detail = `Service "${service}" wants ${reference}: ${reason}.`
  if (/no such host|refused|time-?out|deadline|unreachable|x509|tls:|EOF/i.test(reason))
    return {
      code: 'image/registry-unreachable',
      summary: 'The registry of an image cannot be reached from the server; nothing was changed.',
      detail,
      fix: ['On the server: curl -sSI https://<registry>/v2/', 'Run the same command again later.'],
    }
  if (/denied|unauthorized|forbidden|authentication required|toomanyrequests|429/i.test(reason))
    return {
      code: 'image/denied',
      summary: 'The registry does not give the image to the server; nothing was changed.',
      detail: `${detail} Registries answer so for a private image, for one that does not exist, and when too much was asked of them.`,
      fix: [
        'Correct the name and tag in the Compose file.',
        'Or let this machine fetch and ship it: build: { dockerfile_inline: "FROM <image>" } in the Compose file, after docker login here.',
      ],
    }
  return {
    code: 'image/not-found',
    summary: 'An image of the Compose file does not exist; nothing was changed.',
    detail,
    fix: ['Correct the name and tag in the Compose file.', `docker manifest inspect ${reference}`],
  }
}
