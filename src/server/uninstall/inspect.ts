import type { Engine } from '../../io/engine/engine.ts'
import { namesIn, readText } from '../../io/host/files/durable.ts'
import { edgeNames } from '../../edge/model.ts'
import { recordedProjects } from '../../release/records/records.run.ts'
import { madeComment } from '../run/access.run.ts'
import { heldByUs } from '../run/held.run.ts'
import { localFolder } from '../../data/places.ts'
import { inspectServer } from '../facts/inspect.ts'
import type { SwarmFacts } from '../model.ts'
import { type Belongings, deployUser, foreignIn, type InSwarm, projectsIn } from './model.ts'

/** Reads what is Zarpe's on this server, and what beside it is not. */
export const inspectBelongings = async (engine: Engine): Promise<Belongings> => {
  const [facts, recorded, accounts] = await Promise.all([
    inspectServer(),
    recordedProjects(),
    readText('/etc/passwd'),
  ])
  const hasEngine = facts.docker !== null && facts.docker.version !== ''
  const swarm = hasEngine ? await swarmOf(engine, facts.docker!.swarm) : noSwarm
  const volumes = hasEngine ? await engine.networks.volumes({}) : { Volumes: [] }
  return {
    facts,
    projects: projectsIn(recorded, swarm.services),
    foreignInSwarm: foreignIn(swarm),
    volumes: (volumes.Volumes ?? [])
      .map(({ Name }) => Name)
      .filter((name) => name !== edgeNames.dataVolume)
      .toSorted(),
    backups: (await namesIn(localFolder)).filter((name) => !name.startsWith('.')),
    madeUser: (accounts ?? '')
      .split('\n')
      .some((line) => line.startsWith(`${deployUser}:`) && line.split(':')[4] === madeComment),
    held: await heldByUs(),
    login: process.env['SUDO_USER'] ?? 'root',
  }
}

const noSwarm: InSwarm = { services: [], secrets: [], configs: [], networks: [], nodes: 0 }

/** Only a manager can be asked; a worker is in a swarm of others by that alone. */
const swarmOf = async (engine: Engine, facts: SwarmFacts): Promise<InSwarm> => {
  if (facts.state !== 'active' || !facts.isManager) return noSwarm
  const [services, secrets, configs, networks] = await Promise.all([
    engine.services.list({}),
    engine.secrets.list({}),
    engine.secrets.configs(),
    engine.networks.list({ scope: ['swarm'] }),
  ])
  return {
    services: services.map(({ Spec }) => Spec),
    secrets: secrets.map(({ Spec }) => Spec),
    configs: configs.map(({ Spec }) => Spec),
    networks: networks.filter(({ Ingress }) => !Ingress),
    nodes: facts.nodes,
  }
}
