import { canonical } from '../../plan/fingerprint.ts'
import type { AnyStep } from '../../plan/kinds.ts'
import { mergeDaemonJson, parseDaemonJson } from '../docker/daemon-json.ts'
import type { Facts, SetupSettings } from '../model.ts'
import { knownOs } from '../docker/os.ts'
import { paths } from '../paths.ts'
import { missingPackages, type Rule, serverStep, wantedFile, wantedUnit } from './rule.ts'
import { firstFree } from '../docker/subnet.ts'
import { foreignSubnets } from './stable-address.ts'

/** Subnets that we give to networks, the first that are free on this machine. */
const pools = Array.from({ length: 9 }, (_, index) => `10.${201 + index}.0.0/16`)

/** The subnet that networks of this machine alone are cut from. */
const localPool = (facts: Facts) => firstFree(pools, foreignSubnets(facts))

/** The subnet that networks of the swarm are cut from; never the local one. */
export const swarmPool = (facts: Facts) => {
  const local = localPool(facts)
  return firstFree(pools, [...foreignSubnets(facts), ...(local ? [local] : [])])
}

// An engine that crashes three times in a minute would otherwise stay down for good.
const dropIn = `# Written by zarpe setup.
[Unit]
Wants=zarpe-net.service zarpe-firewall.service
After=zarpe-net.service zarpe-firewall.service
StartLimitIntervalSec=0

[Service]
Restart=always
RestartSec=2
`

const configuration = (facts: Facts): AnyStep[] => {
  const there = parseDaemonJson(facts.files[paths.daemonJson]?.content ?? '')
  // A file that is not JSON is refused as a whole; see problems.ts.
  if (!there) return []
  const wanted = mergeDaemonJson(there, {
    addressPool: localPool(facts),
    // A server that is a container may not raise limits: no container would start on it.
    raiseLimits: !facts.isContainer,
  })
  if (canonical(there) === canonical(wanted)) return []
  const content = `${JSON.stringify(wanted, null, 2)}\n`
  const mode = facts.files[paths.daemonJson]?.mode ?? '0644'
  const cause = 'logs to the journal, networks that collide with nothing'
  return [
    serverStep('server.file', paths.daemonJson, cause, { path: paths.daemonJson, content, mode }),
  ]
}

const ceSource = (facts: Facts): AnyStep =>
  serverStep('server.package-source', 'docker', "Docker's own packages were chosen", {
    name: 'docker',
    keyUrl: `https://download.docker.com/linux/${facts.os.id}/gpg`,
    keyFingerprint: '9DC858229FC7DD38854AE2D88D81803C0EBFCD88',
    uri: `https://download.docker.com/linux/${facts.os.id}`,
    suite: facts.os.codename,
    component: 'stable',
  })

const installation = (facts: Facts, settings: SetupSettings): AnyStep[] => {
  if (facts.docker?.clientPresent) return []
  const client = "the engine's client, for you and for us"
  if (facts.docker?.origin === 'docker-ce') return missingPackages(facts, ['docker-ce-cli'], client)
  if (facts.docker) return missingPackages(facts, knownOs(facts.os)?.enginePackages ?? [], client)
  if (settings.docker === 'docker-ce') {
    const names = ['docker-ce', 'docker-ce-cli', 'containerd.io']
    return [
      ...missingPackages(facts, ['gnupg'], "to check the signature of Docker's packages"),
      ceSource(facts),
      ...missingPackages(facts, names, docker.why),
    ]
  }
  // Without the parser an engine on a kernel with AppArmor confines no container.
  const confinement = facts.isContainer ? [] : ['apparmor']
  const names = [...(knownOs(facts.os)?.enginePackages ?? []), 'iptables', ...confinement]
  return missingPackages(facts, names, docker.why)
}

/** A Docker engine that starts after its address and its firewall, and comes back after a crash. */
export const docker: Rule = {
  id: 'docker',
  why: 'the engine that runs the containers',
  wanted: (facts, settings) => {
    const file = { path: paths.dockerDropIn, content: dropIn, mode: '0644' }
    const order = 'starts after its address and firewall, and comes back after a crash'
    const configured = configuration(facts)
    // The configuration comes first: a new engine starts with it, and needs no restart.
    return [
      ...configured,
      ...wantedFile(facts, file, order),
      ...installation(facts, settings),
      ...wantedUnit(
        facts,
        'docker.service',
        facts.docker ? 'takes up the changed configuration' : docker.why,
        { path: paths.daemonJson, isPlanned: configured.length > 0 },
        facts.docker && facts.docker.runningContainers > 0 ? 'downtime' : undefined,
      ),
    ]
  },
  notes: (facts, settings) => [...sourceNotes(facts, settings), ...versionNotes(facts, settings)],
}

/** What is there is never replaced by packages of another source. */
const sourceNotes = (facts: Facts, settings: SetupSettings) =>
  facts.docker && settings.docker === 'docker-ce' && facts.docker.origin !== 'docker-ce'
    ? ['Docker is there already, from another source: --docker docker-ce changes nothing']
    : []

const versionNotes = (facts: Facts, settings: SetupSettings) => {
  const version = facts.docker?.version || (facts.docker ? '' : versionToCome(facts, settings))
  const major = Number.parseInt(version, 10)
  return major < 25
    ? [
        `Docker ${version} does not know start intervals of health checks, so releases take ` +
          'longer: version 25 or later is better (--docker docker-ce, or a newer distribution)',
      ]
    : []
}

const versionToCome = (facts: Facts, settings: SetupSettings) =>
  settings.docker === 'docker-ce' ? '29' : (knownOs(facts.os)?.engineVersion ?? '')
