import { describe, expect, it } from 'vitest'
import { explain } from '../../plan/explain.ts'
import type { AnyStep } from '../../plan/kinds.ts'
import {
  bareDebian12,
  bareDebian13,
  bareUbuntu2404,
  exampleKey,
  exampleSettings,
  handMade,
} from '../example.model.ts'
import { runOnPaper } from '../example-run.model.ts'
import type { Facts } from '../model.ts'
import { paths } from '../paths.ts'
import { guardedBy, planConfirm, planSetup } from './plan.ts'

const settings = exampleSettings()

const kinds = (facts: Facts, given = settings) =>
  planSetup(facts, given).steps.map((step) => `${step.kind} ${step.target}`)

describe('planSetup', () => {
  it('shows a bare Debian 13 what is going to happen', () => {
    const lines = explain(planSetup(bareDebian13, settings))
    const text = lines.map((line) => line.trim().replaceAll(/ {2,}/g, ' — '))
    expect(text).toEqual([
      'set up vps: 31 steps',
      '1. server.packages nftables sudo — the tools that everything else stands on',
      '2. server.swap-file /swapfile (2048 MB) — room for moments in which two versions run side by side',
      '3. server.file /etc/systemd/system/swapfile.swap — room for moments in which two versions run side by side',
      '4. server.unit swapfile.swap — room for moments in which two versions run side by side',
      '5. server.file /etc/systemd/journald.conf.d/10-zarpe.conf — logs that survive a reboot and never fill the disk',
      '6. server.unit systemd-journald.service — logs that survive a reboot and never fill the disk',
      '7. server.unit systemd-journal-flush.service — logs that survive a reboot and never fill the disk',
      '8. server.file /etc/sysctl.d/60-zarpe.conf — no neighbour may redirect the traffic, and no program without rights may probe the kernel',
      '9. server.sysctl /etc/sysctl.d/60-zarpe.conf — no neighbour may redirect the traffic, and no program without rights may probe the kernel',
      '10. server.file /etc/modprobe.d/60-zarpe.conf — parts of the kernel that no server needs cannot be called up by a program or a device',
      '11. server.file /etc/security/limits.d/60-zarpe.conf — a crash leaves no copy of a program’s memory, with its secrets, on the disk',
      '12. server.file /etc/systemd/coredump.conf.d/60-zarpe.conf — a crash leaves no copy of a program’s memory, with its secrets, on the disk',
      '13. server.file /etc/systemd/system/zarpe-net.service — an address of its own that survives every move to another network',
      '14. server.unit zarpe-net.service — an address of its own that survives every move to another network',
      '15. server.file /etc/docker/daemon.json — logs to the journal, networks that collide with nothing',
      '16. server.file /etc/systemd/system/docker.service.d/10-zarpe.conf — starts after its address and firewall, and comes back after a crash',
      '17. server.packages docker.io docker-cli iptables apparmor — the engine that runs the containers',
      '18. server.unit docker.service — the engine that runs the containers',
      '19. server.swarm 10.210.0.1 — releases without a gap, on one server or several',
      '20. server.file /etc/needrestart/conf.d/60-zarpe.conf — a security update counts at once, yet never restarts the engine or a backup',
      '21. server.packages unattended-upgrades needrestart — security updates every day by themselves',
      '22. server.file /etc/apt/apt.conf.d/20auto-upgrades — security updates every day by themselves',
      '23. server.hold docker.io containerd runc — an upgrade of the engine restarts it: only in a planned window',
      '24. server.user deploy — a login for releases that may run one program as root and nothing else',
      "25. server.file /etc/sudoers.d/zarpe — deploy may start Zarpe's agent as root",
      '26. server.packages libpam-pwquality — no password that is soon guessed, for sudo or the console of the hoster',
      '27. server.file /etc/profile.d/60-zarpe.sh — a shell that was left open closes after half an hour',
      '28. server.file /etc/systemd/system/zarpe-firewall.service — loads the firewall before Docker starts',
      '29. server.file /etc/systemd/system/nftables.service.d/10-zarpe.conf — a start of nftables empties all rules: ours come back',
      '30. server.firewall /etc/zarpe/firewall.nft — only SSH, 80 and 443 from outside; undoes itself unless a new login works',
      '31. server.sshd /etc/ssh/sshd_config.d/10-zarpe.conf — logins by key only; undoes itself unless a new login works',
    ])
  })

  it.each([
    ['a bare Debian 13', bareDebian13, settings],
    ['a bare Debian 12', bareDebian12, settings],
    ['a bare Ubuntu 24.04', bareUbuntu2404, settings],
    [
      "a bare Debian 13 with Docker's own packages",
      bareDebian13,
      exampleSettings({ docker: 'docker-ce' }),
    ],
    ['a hand-made server', handMade, settings],
    ['a container', { ...bareDebian13, isContainer: true }, settings],
  ])('has nothing left to do on %s once its steps are done', (_name, facts, given) => {
    const plan = planSetup(facts, given)
    expect(plan.steps.length).toBeGreaterThan(5)
    expect(new Set(plan.steps.map((step) => step.id)).size).toBe(plan.steps.length)
    const done = runOnPaper(facts, plan.steps)
    expect(kinds(done, given)).toEqual([])
  })

  it('says that an engine which is there is not replaced', () => {
    const chosen = exampleSettings({ docker: 'docker-ce' })
    const done = runOnPaper(bareDebian13, planSetup(bareDebian13, settings).steps)
    expect(planSetup(done, chosen).notes).toContain(
      'Docker is there already, from another source: --docker docker-ce changes nothing',
    )
    expect(planSetup(bareDebian13, chosen).notes.join()).not.toContain('there already')
  })

  it('continues where a run was cut, at every step, and loses no restart', () => {
    const { steps } = planSetup(handMade, settings)
    const restarts = (each: AnyStep) => each.kind === 'server.unit' && each.params.name
    for (let count = 0; count <= steps.length; count++) {
      const cut = runOnPaper(handMade, steps.slice(0, count))
      const rest = planSetup(cut, settings).steps
      expect(kinds(runOnPaper(cut, rest))).toEqual([])
      expect(rest.map(restarts)).toEqual(expect.arrayContaining(steps.slice(count).map(restarts)))
    }
  })

  it('leaves the heartbeat of a swarm of several as it is', () => {
    const done = runOnPaper(bareDebian13, planSetup(bareDebian13, settings).steps)
    const swarmOf = (nodes: number): Facts => ({
      ...done,
      docker: { ...done.docker!, swarm: { ...done.docker!.swarm, nodes, heartbeatSeconds: 5 } },
    })
    expect(kinds(swarmOf(1))).toEqual(['server.swarm 10.210.0.1'])
    expect(kinds(swarmOf(2))).toEqual([])
  })

  it.each(['chrony', 'ntp', 'ntpsec', 'openntpd'])('leaves the clock to %s', (name) => {
    const kept = bareDebian13.packages.filter((each) => each !== 'systemd-timesyncd')
    const clocked = { ...bareDebian13, packages: [...kept, name] }
    expect(kinds(clocked).filter((each) => each.includes('timesyncd'))).toEqual([])
  })

  it('finishes an installation that was cut off', () => {
    const cut = { ...bareDebian13, brokenPackages: ['nftables'] }
    expect(kinds(cut)[0]).toBe('server.packages nftables')
    expect(kinds(cut)[1]).toBe('server.packages sudo')
  })

  it('does the two guarded changes last and confirms only what is armed', () => {
    const plan = planSetup(bareDebian13, settings)
    expect(plan.steps.slice(-2).map((step) => step.kind)).toEqual([
      'server.firewall',
      'server.sshd',
    ])
    expect(guardedBy(plan)).toEqual(['firewall', 'sshd'])
    expect(planConfirm(bareDebian13).steps).toEqual([])
    const armed = { ...bareDebian13, guards: { sshd: 'armed', firewall: 'reverted' } as const }
    expect(planConfirm(armed).steps.map((step) => step.target)).toEqual(['sshd'])
  })

  it('makes a guarded change again when it was left unconfirmed', () => {
    const done = runOnPaper(bareDebian13, planSetup(bareDebian13, settings).steps)
    const armed: Facts = { ...done, guards: { sshd: 'armed', firewall: 'none' } }
    expect(kinds(armed)).toEqual([`server.sshd ${paths.sshd}`])
  })

  it('keeps the real port of SSH open and names what it closes', () => {
    const plan = planSetup(bareDebian12, settings)
    const step = plan.steps.find((each) => each.kind === 'server.firewall')!
    expect(step.params).toMatchObject({ content: expect.stringContaining('{ 80, 443, 2222 }') })
    expect(plan.notes).toContain('closed from outside: 5432/tcp postgres')
    expect(plan.notes.some((note) => note.includes('Docker 20.10'))).toBe(true)
  })

  it('chooses subnets that collide with no route and tells who loses a password login', () => {
    const plan = planSetup(bareUbuntu2404, settings)
    const swarm = plan.steps.find((each) => each.kind === 'server.swarm')!
    expect(swarm.params).toMatchObject({ address: '10.211.0.1', addressPool: '10.203.0.0/16' })
    expect(swarm.params).toMatchObject({ heartbeatSeconds: 60 })
    expect(plan.notes).toContain("can't log in by SSH any more, for want of a key: bruno")
  })

  it('keeps an engine that is there and restarts it once, saying that this is an outage', () => {
    const plan = planSetup(handMade, settings)
    expect(plan.steps.some((each) => each.target.includes('docker.io'))).toBe(false)
    const restart = plan.steps.find((each) => each.target === 'docker.service')!
    expect(restart).toMatchObject({ danger: 'downtime', params: { action: 'restart' } })
    const hold = plan.steps.find((each) => each.kind === 'server.hold')!
    expect(hold.params).toEqual({ packages: ['docker-ce', 'containerd.io'] })
  })

  it('adds a key without asking for anything else', () => {
    const done = runOnPaper(bareDebian13, planSetup(bareDebian13, settings).steps)
    const second = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAISecond bo@laptop'
    const more = exampleSettings({ authorizedKeys: [exampleKey, second] })
    expect(kinds(done, more)).toEqual(['server.user deploy'])
  })
})
