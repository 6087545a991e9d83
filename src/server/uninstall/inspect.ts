import type { Engine } from '../../io/engine/engine.ts'
import { namesIn, readText } from '../../io/host/durable.ts'
import { edgeNames } from '../../edge/model.ts'
import { label } from '../../release/model.ts'
import { readReleases, stateFolder } from '../../release/records.run.ts'
import { madeComment } from '../access.run.ts'
import { inspectServer } from '../inspect.ts'
import { type Belongings, deployUser } from './model.ts'

/** The journals of a project stay when it is removed; only its releases are in use. */
const releasedProjects = async (): Promise<string[]> => {
  const names = await namesIn(stateFolder)
  const releases = await Promise.all(names.map((name) => readReleases(name)))
  return names.filter((_name, index) => releases[index]!.length > 0)
}

/** Reads what is Zarpe's on this server, and what beside it is not. */
export const inspectBelongings = async (engine: Engine): Promise<Belongings> => {
  const [facts, projects, accounts] = await Promise.all([
    inspectServer(),
    releasedProjects(),
    readText('/etc/passwd'),
  ])
  const hasEngine = facts.docker !== null && facts.docker.version !== ''
  const inSwarm = hasEngine && facts.docker?.swarm.state === 'active'
  const [services, volumes] = await Promise.all([
    inSwarm ? engine.services.list({}) : [],
    hasEngine ? engine.networks.volumes({}) : { Volumes: [] },
  ])
  return {
    facts,
    projects,
    foreignServices: services
      .filter(({ Spec }) => !Spec.Labels[label.project])
      .map(({ Spec }) => Spec.Name),
    volumes: (volumes.Volumes ?? [])
      .map(({ Name }) => Name)
      .filter((name) => name !== edgeNames.dataVolume)
      .toSorted(),
    madeUser: (accounts ?? '')
      .split('\n')
      .some((line) => line.startsWith(`${deployUser}:`) && line.split(':')[4] === madeComment),
  }
}
