// Every name Zarpe gives to something on a server. Nothing else makes names.

/** `<app>-<environment>`. */
export const projectName = (app: string, environment: string) => `${app}-${environment}`

/**
 * The number of the next release: past every record, and past everything that outlived its record: what serves, services, and
 * data that a release has put aside.
 */
export const nextNumber = (observed: {
  releases: { number: number }[]
  current: number | null
  services: { release: number }[]
  data: { asides: { release: number | null }[] }
}): number =>
  Math.max(
    observed.current ?? 0,
    ...observed.releases.map(({ number }) => number),
    ...observed.services.map(({ release }) => release),
    ...observed.data.asides.map(({ release }) => release ?? 0),
  ) + 1

/** The Swarm service of a service that is replaced as a whole by each release that changes it. */
export const releasedName = (project: string, service: string, release: number) =>
  `${project}_${service}-r${release}`

/** The Swarm service of a service that keeps data and is updated in place. */
export const statefulName = (project: string, service: string) => `${project}_${service}`

/** The Swarm service that runs a release's migration. No service's own name begins with `_`, so none has its name. */
export const migrationName = (project: string, release: number) => `${project}__migrate-r${release}`

/** The engine takes no longer name for a service. */
export const serviceNameMax = 63

/** Greater than any release's number will be: a name must not become too long one day. */
export const numberMax = 99_999

/** The engine takes no longer name for a secret. */
const secretNameMax = 64

/** A secret of the Compose file with one content, which `hash` tells without disclosing it. */
export const secretName = (project: string, secret: string, hash: string) => {
  const whole = `${project}_${secret}-${hash}`
  const isUsable = whole.length <= secretNameMax && /^[a-zA-Z0-9_.-]+$/.test(whole)
  return isUsable ? whole : `${project.slice(0, 40)}_${hash}`
}

/** A volume of the Compose file, so that two projects with a volume `data` do not share it. */
export const volumeName = (project: string, volume: string) => `${project}_${volume}`

/** Where a server pulls the images that the laptop built: a door the agent opens while shipping. */
export const shipRegistry = '127.0.0.1:5210'

/** Under which name a server keeps what its own engine built: a door that is open while it builds. */
export const ownRegistry = '127.0.0.1:5211'

/** A built image, by where it comes from and the digest of its manifest. */
export const builtReference = (
  registry: typeof shipRegistry | typeof ownRegistry,
  project: string,
  service: string,
  digest: string,
) => `${registry}/${project}/${service}@${digest}`

/** Every image that was ever built for a project, as patterns of the engine's image filter. */
export const builtPatterns = (project: string) => [
  `${shipRegistry}/${project}/*`,
  `${ownRegistry}/${project}/*`,
]

export const isBuiltFor = (project: string, reference: string) =>
  [shipRegistry, ownRegistry].some((registry) => reference.startsWith(`${registry}/${project}/`))
