import { paths } from '../paths.ts'
import { missingPackages, type Rule, serverStep, wantedFile, wantedUnit } from './rule.ts'

const content = `// Written by zarpe setup.
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
`

// A library that was replaced stays in use until its program starts anew. What would be an outage is
// never restarted by this: the engine with its helper, and a backup that is being taken.
const restarts = `# Written by zarpe setup.
$nrconf{restart} = 'a';
$nrconf{override_rc}->{qr(^(docker|containerd|snap\\.docker|zarpe-))} = 0;
`

/** Packages whose upgrade restarts the engine, under the names of both origins. */
export const enginePackages = ['docker.io', 'docker-ce', 'containerd', 'containerd.io', 'runc']

/** Security updates every day, except of the engine, whose restart is an outage. */
export const updates: Rule = {
  id: 'updates',
  why: 'security updates every day by themselves',
  wanted: (facts, settings) => {
    const origin = facts.docker?.origin ?? null
    const wantedOrigin = origin ?? (settings.docker === 'docker-ce' ? 'docker-ce' : 'docker.io')
    const expected =
      wantedOrigin === 'docker-ce'
        ? ['docker-ce', 'containerd.io']
        : ['docker.io', 'containerd', 'runc']
    const installed = enginePackages.filter((name) => facts.packages.includes(name))
    const hold = (installed.length > 0 ? installed : expected).filter(
      (name) => !facts.heldPackages.includes(name),
    )
    const cause = 'an upgrade of the engine restarts it: only in a planned window'
    return [
      ...wantedFile(
        facts,
        { path: paths.restarts, content: restarts, mode: '0644' },
        'a security update counts at once, yet never restarts the engine or a backup',
      ),
      ...missingPackages(facts, ['unattended-upgrades', 'needrestart'], updates.why),
      ...wantedFile(facts, { path: paths.updates, content, mode: '0644' }, updates.why),
      ...wantedUnit(facts, 'apt-daily-upgrade.timer', updates.why),
      ...(hold.length > 0
        ? [serverStep('server.hold', hold.join(' '), cause, { packages: hold })]
        : []),
    ]
  },
}
