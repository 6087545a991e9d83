import type { AnyStep } from '../plan/kinds.ts'
import { handMade } from './example.model.ts'
import { parseSshd } from './facts/sshd.ts'
import type { Facts } from './model.ts'
import { paths } from './paths.ts'
import type { ServerSteps } from './steps.ts'

// The runners on paper: what a server would be like after a step. For tests of the planner.

// A clock on which every act has a second of its own.
let second = 1_000
const tick = () => second++

const written = (facts: Facts, path: string, content: string, mode: string): Facts => ({
  ...facts,
  files: { ...facts.files, [path]: { content, mode, owner: 'root', changedAt: tick() } },
})

const running = (facts: Facts, name: string): Facts => ({
  ...facts,
  units: {
    ...facts.units,
    [name]: {
      active: 'active',
      enabled: facts.units[name]?.enabled ?? 'enabled',
      startedAt: tick(),
    },
  },
})

const withEngine = (facts: Facts, origin: 'docker.io' | 'docker-ce'): Facts => ({
  ...facts,
  docker: { ...handMade.docker!, origin, runningContainers: 0 },
})

/** A path takes everything below it along. */
const withoutFiles = (facts: Facts, path: string): Facts => ({
  ...facts,
  files: Object.fromEntries(
    Object.entries(facts.files).filter(([name]) => name !== path && !name.startsWith(`${path}/`)),
  ),
})

type Effects = {
  [Kind in keyof ServerSteps]: (facts: Facts, params: ServerSteps[Kind]) => Facts
}

const effects: Effects = {
  'server.packages': (facts, { install }) => {
    const more = { ...facts, packages: [...facts.packages, ...install] }
    if (install.includes('docker.io')) return withEngine(more, 'docker.io')
    return install.includes('docker-ce') ? withEngine(more, 'docker-ce') : more
  },
  'server.package-source': (facts) => facts,
  'server.hold': (facts, { packages }) => ({
    ...facts,
    heldPackages: [...facts.heldPackages, ...packages],
  }),
  'server.file': (facts, { path, content, mode }) => written(facts, path, content, mode),
  'server.unit': (facts, { name }) =>
    name === 'swapfile.swap' ? { ...running(facts, name), swapMb: 2048 } : running(facts, name),
  'server.sysctl': (facts, { path }) => {
    const lines = facts.files[path]!.content.split('\n').map((line) => line.split(' = '))
    const values = lines.filter((pair): pair is [string, string] => pair.length === 2)
    return { ...facts, sysctls: { ...facts.sysctls, ...Object.fromEntries(values) } }
  },
  // The file alone is not swap; its unit makes it so.
  'server.swap-file': (facts) => facts,
  'server.user': (facts, { keys }) => ({ ...facts, deployUser: { keys, inDockerGroup: false } }),
  'server.swarm': (facts, { address, taskHistoryLimit, heartbeatSeconds }) => {
    const subnet = address.replace(/\d+$/, '0/24')
    const swarm = {
      state: 'active' as const,
      isManager: true,
      nodes: 1,
      ...{ address, taskHistoryLimit, heartbeatSeconds },
    }
    return {
      ...facts,
      docker: { ...facts.docker!, swarm },
      addresses: [...facts.addresses, { device: paths.stableInterface, address }],
      routes: [...facts.routes, { subnet, device: paths.stableInterface }],
    }
  },
  'server.firewall': (facts, { path, content, marker }) => ({
    ...running(written(facts, path, content, '0600'), 'zarpe-firewall.service'),
    firewallMarker: marker,
  }),
  'server.sshd': (facts, { path, content, expect }) => ({
    ...written(facts, path, content, '0600'),
    sshd: { ...parseSshd('port 22'), ...expect },
  }),
  'server.confirm': (facts, { guard }) => ({
    ...facts,
    guards: { ...facts.guards, [guard]: 'none' },
  }),
  'server.remove-path': (facts, { path }) => withoutFiles(facts, path),
  'server.remove-unit': (facts, { name, path, link }) => {
    const { [name]: _gone, ...units } = facts.units
    const addresses = facts.addresses.filter(({ device }) => device !== link)
    const firewallMarker = name === 'zarpe-firewall.service' ? null : facts.firewallMarker
    return { ...withoutFiles(facts, path), units, addresses, firewallMarker }
  },
  'server.remove-user': (facts) => ({ ...facts, deployUser: null }),
  'server.unhold': (facts, { packages }) => ({
    ...facts,
    heldPackages: facts.heldPackages.filter((name) => !packages.includes(name)),
  }),
  'server.leave-swarm': (facts) => ({
    ...facts,
    docker: { ...facts.docker!, swarm: handMade.docker!.swarm },
  }),
  'server.remove-edge': (facts) => facts,
}

/** The server after the steps of a plan. */
export const runOnPaper = (facts: Facts, steps: AnyStep[]): Facts =>
  steps.reduce((state, step) => {
    const effect = effects[step.kind as keyof ServerSteps]
    return effect(state, step.params as never)
  }, facts)
