import { agentHome } from '../../agent/program.ts'
import type { AnyStep } from '../../plan/kinds.ts'
import type { Plan } from '../../plan/plan.ts'
import { fingerprint } from '../../plan/fingerprint.ts'
import { localFolder } from '../../data/places.ts'
import { Problem } from '../../problem/problem.ts'
import { parseDaemonJson, unmergeDaemonJson } from '../docker/daemon-json.ts'
import { basisOf, type Facts } from '../model.ts'
import { paths } from '../paths.ts'
import { serverStep } from '../rules/rule.ts'
import { enginePackages } from '../rules/updates.ts'
import type { ServerSteps } from '../steps.ts'
import { type Belongings, deployUser } from './model.ts'

type Reader = ServerSteps['server.remove-path']['reader']

const mark = 'Written by zarpe setup'

/**
 * Takes off a server what `setup` and the releases put there. Refused while an app is released:
 * what serves is never taken along by the way. Data, packages and security updates stay, and are
 * named. The agent goes last, so that a run that was cut can be run again.
 */
export const planUninstall = (belongings: Belongings): Plan => {
  const { facts, projects, login, madeUser } = belongings
  if (projects.length > 0) throw stillReleased(facts, projects)
  if (login === deployUser && madeUser) throw byItself(facts)
  return {
    verb: 'uninstall',
    title: `take Zarpe off ${facts.hostname}`,
    scope: 'server',
    basis: fingerprint(basisOf(facts)),
    steps: [
      ...engineSteps(belongings),
      // Files that name our units go before them: systemd forgets a unit that nobody names.
      ...fileSteps(belongings),
      ...unitSteps(belongings),
      ...userSteps(belongings),
      ...holdSteps(belongings),
      ...ownSteps(),
    ],
    notes: notesOf(belongings),
  }
}

const isOurs = (facts: Facts, path: string) => facts.files[path]?.content.includes(mark) ?? false

/** A swarm of this server alone, which holds nothing but ours. */
const leavesSwarm = ({ facts, foreignInSwarm }: Belongings): boolean => {
  const swarm = facts.docker?.swarm
  return swarm?.state === 'active' && swarm.isManager && foreignInSwarm.length === 0
}

/** Whether the swarm that stays may still need the address that `setup` gave this server. */
const keepsAddress = (belongings: Belongings): boolean => {
  const state = belongings.facts.docker?.swarm.state ?? 'inactive'
  return state !== 'inactive' && !leavesSwarm(belongings)
}

const engineSteps = (belongings: Belongings): AnyStep[] => {
  if (!belongings.facts.docker) return []
  return [
    serverStep('server.remove-edge', 'zarpe-edge', 'no app needs it any more', {}),
    ...(leavesSwarm(belongings)
      ? [serverStep('server.leave-swarm', 'swarm', 'nothing runs in it any more', {})]
      : []),
  ]
}

const unitSteps = (belongings: Belongings): AnyStep[] => {
  const { facts } = belongings
  const units = [
    { name: 'zarpe-firewall.service', path: paths.firewallUnit, cause: 'it is ours' },
    {
      name: 'zarpe-net.service',
      path: paths.stableUnit,
      cause: 'the swarm needs its address no more',
      link: paths.stableInterface,
    },
    { name: 'swapfile.swap', path: paths.swapUnit, cause: 'it is ours' },
  ]
  return units
    .filter(({ path }) => isOurs(facts, path))
    .filter(({ path }) => path !== paths.stableUnit || !keepsAddress(belongings))
    .flatMap(({ cause, ...unit }) => [
      serverStep('server.remove-unit', unit.name, cause, unit),
      ...(unit.path === paths.swapUnit ? [removed(paths.swapFile, 'its unit is gone')] : []),
    ])
}

const removed = (path: string, cause = 'it is ours', reader: Reader = 'none') =>
  serverStep('server.remove-path', path, cause, { path, reader })

const fileSteps = (belongings: Belongings): AnyStep[] => {
  const { facts } = belongings
  const remove = (path: string, reader?: Reader) =>
    isOurs(facts, path) ? [removed(path, undefined, reader)] : []
  return [
    ...daemonJson(facts),
    // It lets the engine wait for the address.
    ...(keepsAddress(belongings) ? [] : remove(paths.dockerDropIn)),
    ...remove(paths.nftablesDropIn),
    ...remove(paths.sshd, 'ssh'),
    ...remove(paths.journald, 'journal'),
    ...remove(paths.sysctl),
    ...remove(paths.modules),
    ...remove(paths.coreLimits),
    ...remove(paths.coreDumps),
    ...remove(paths.shells),
    ...remove(paths.restarts),
    ...remove(paths.sudoers),
  ]
}

/** Only what `setup` put into the engine's configuration goes; what others wrote stays. */
const daemonJson = (facts: Facts): AnyStep[] => {
  const path = paths.daemonJson
  const file = facts.files[path]
  const there = file ? parseDaemonJson(file.content) : null
  if (!file || !there) return []
  const kept = unmergeDaemonJson(there)
  const cause = 'what is ours in it; the engine takes it up at its next start'
  if (Object.keys(kept).length === 0) return [removed(path, cause)]
  if (fingerprint(kept) === fingerprint(there)) return []
  const content = `${JSON.stringify(kept, null, 2)}\n`
  return [serverStep('server.file', path, cause, { path, content, mode: file.mode })]
}

const userSteps = ({ facts, madeUser }: Belongings): AnyStep[] =>
  facts.deployUser && madeUser
    ? [
        serverStep('server.remove-user', deployUser, 'it was made for releases', {
          name: deployUser,
        }),
      ]
    : []

const holdSteps = ({ facts, held }: Belongings): AnyStep[] => {
  const packages = held.filter((name) => facts.heldPackages.includes(name))
  const cause = 'upgrades of the engine are yours to plan again'
  return packages.length > 0
    ? [serverStep('server.unhold', packages.join(' '), cause, { packages })]
    : []
}

/**
 * Packages of the engine that stay held: as they were before `setup`, or by one of a version that wrote down no holds,
 * which cannot be told apart.
 */
const stillHeld = ({ facts, held }: Belongings) =>
  enginePackages.filter((name) => facts.heldPackages.includes(name) && !held.includes(name))

/** Last of all: what is needed to run this plan. */
const ownSteps = (): AnyStep[] =>
  ['/etc/zarpe', '/run/zarpe', '/var/lib/zarpe', agentHome, paths.agent].map((path) =>
    removed(path),
  )

const notesOf = (belongings: Belongings): string[] => {
  const { backups, facts, foreignInSwarm, volumes, madeUser } = belongings
  const names = stillHeld(belongings).join(' ')
  return [
    'from then on the firewall and the SSH settings are as the distribution has them',
    ...(keepsAddress(belongings)
      ? [
          `the swarm stays, and the address it has here, for what else is in it: ${foreignInSwarm.join(', ') || 'its managers are other machines'}`,
        ]
      : []),
    ...(facts.deployUser && !madeUser ? [`the user ${deployUser} was there before and stays`] : []),
    ...volumes.map(
      (volume) => `volume ${volume} stays; to remove it too: docker volume rm ${volume}`,
    ),
    ...backups.map((project) => `backups of ${project} stay, in ${localFolder}/${project}`),
    ...(names
      ? [
          `held before, or by an earlier version of Zarpe, and stays so: ${names}; to let go: apt-mark unhold ${names}`,
        ]
      : []),
    'packages stay, Docker among them; to remove it: apt-get purge docker.io',
    `security updates stay on (${paths.updates})`,
    ...(isOurs(facts, paths.sysctl)
      ? ['the kernel keeps its settings until this server starts anew']
      : []),
  ]
}

const stillReleased = (facts: Facts, projects: string[]) =>
  new Problem({
    code: 'server/in-use',
    summary: 'Apps are still released on this server; nothing was done.',
    detail: `${facts.hostname} runs ${projects.join(', ')}.`,
    fix: ['In the folder of each of them: zarpe remove', 'zarpe uninstall'],
  })

const byItself = (facts: Facts) =>
  new Problem({
    code: 'config/uninstall-by-itself',
    summary: 'The deploy user cannot remove itself.',
    detail: `This login to ${facts.hostname} is the user that goes with Zarpe.`,
    fix: [`zarpe uninstall root@${facts.hostname}`],
  })
