import type { Service } from '../../app/model.ts'
import { Problem } from '../../problem/problem.ts'

/** The engine was asked for another processor than its own, and cannot run the programs that a build needs. */
const notEmulated = (service: Service, platform: string, evidence: string[]) =>
  new Problem({
    code: 'image/not-emulated',
    summary: 'This machine cannot build for another processor; nothing was released.',
    detail: `The build of "${service.name}" runs programs for ${platform}, which is not what this machine has, and nothing here emulates it.`,
    fix: [
      'zarpe deploy --build-on server    # or, for always, in zarpe.yml: release: { build_on: server }',
      `Or let this engine emulate it: docker run --privileged --rm tonistiigi/binfmt --install ${platform.split('/')[1]}`,
    ],
    evidence,
  })

/** A build ended well, with an image that the server could not run. */
export const builtForOther = (service: Service, built: string, processor: string) =>
  new Problem({
    code: 'image/built-for-other',
    summary: 'An image was built for another processor than the server has; nothing was released.',
    detail: `The image of "${service.name}" is for ${built}, the server has ${processor}.`,
    fix: [
      'Is the engine of this machine another machine, by DOCKER_HOST or a context of docker? Then: zarpe deploy --build-on server',
      `Does its Dockerfile say FROM --platform=…? It was asked for linux/${processor}.`,
    ],
  })

export const notBuilt = (
  service: Service,
  output: string,
  timedOut: boolean,
  /** For which platform it was asked, by the Compose file or by Zarpe. */
  platform: string | null,
) => {
  const evidence = output
    .split('\n')
    .filter((line) => line.trim())
    .slice(-15)
  if (platform && /exec format error/i.test(output)) return notEmulated(service, platform, evidence)
  return new Problem({
    code: 'image/not-built',
    summary: 'An image could not be built; nothing was released.',
    detail: timedOut
      ? `The build of "${service.name}" did not end within an hour.`
      : `The build of "${service.name}" failed.`,
    fix: [
      `${platform ? `DOCKER_DEFAULT_PLATFORM=${platform} ` : ''}docker compose build ${service.name}`,
    ],
    evidence,
  })
}

export const notPushed = (service: Service, output: string) =>
  new Problem({
    code: 'image/not-packed',
    summary: 'An image could not be made ready for release.',
    detail: `docker could not push the image of "${service.name}" to the registry beside its engine.`,
    fix: ['docker info', 'Is there enough free disk on the machine that builds?'],
    evidence: output.split('\n').filter(Boolean).slice(-6),
  })
