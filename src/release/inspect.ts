import { holderOf } from '../agent/lock.run.ts'
import { lastRun } from '../agent/journal.run.ts'
import { inspectAlerts } from '../alerts/inspect.ts'
import { inspectData } from '../data/catalogue/inspect.ts'
import { lookAtProvision } from '../data/provision/look.run.ts'
import { inspectEdge } from '../edge/inspect.ts'
import type { Engine } from '../io/engine/engine.ts'
import { diskBytes, freeMemoryBytes } from '../io/host/machine/resources.ts'
import { builtImages, presence } from './images/present.inspect.ts'
import { resolveReferences } from './images/resolve.inspect.ts'
import type { InspectParams, InspectResult } from './methods.ts'
import { label, type Observed } from './model.ts'
import { readCurrent, readReleases } from './records/records.run.ts'
import { hashKeyOf } from './records/seal-key.run.ts'
import { observeServices } from './services/observe.inspect.ts'

/** Reads everything a release is planned from, next to the engine, at one moment. */
export const inspect = async (engine: Engine, params: InspectParams): Promise<InspectResult> => {
  const { project } = params
  const [
    releases,
    current,
    services,
    network,
    secrets,
    edge,
    data,
    alerts,
    provision,
    info,
    run,
    lock,
  ] = await Promise.all([
    readReleases(project),
    readCurrent(project),
    engine.services.list({ label: [`${label.project}=${project}`] }),
    engine.networks.find(project),
    engine.secrets.list({ label: [`${label.project}=${project}`] }),
    inspectEdge(engine),
    inspectData(project),
    inspectAlerts(project),
    lookAtProvision(engine, project, params.provision ?? []),
    engine.system.info(),
    lastRun(project),
    holderOf(project),
  ])
  const observed: Observed = {
    project,
    releases,
    current,
    services: await observeServices(engine, services, releases),
    network: network ? { id: network.Id } : null,
    secrets: secrets.map(({ Spec }) => Spec.Name).toSorted(),
    edge,
    data,
    alerts,
    provision,
    lastRun: run,
    lock,
    memoryFreeBytes: await freeMemoryBytes(),
    diskFreeBytes: (await diskBytes(info.DockerRootDir)).freeBytes,
    images: await presence(engine, [
      ...params.images,
      ...releases.flatMap((release) => release.services.map((each) => each.image.reference)),
      ...(await builtImages(engine, project)),
    ]),
  }
  return {
    observed,
    resolved: await resolveReferences(engine, params.references, observed),
    hashKey: await hashKeyOf(project),
  }
}
