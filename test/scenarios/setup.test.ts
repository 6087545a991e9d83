import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dockerOk } from '../../src/lab/docker.ts'
import { down, list, restart, up } from '../../src/lab/vps.ts'
import type { AnyStep } from '../../src/plan/kinds.ts'
import { paths } from '../../src/server/paths.ts'
import { serverStep } from '../../src/server/rules/rule.ts'
import type { GuardName } from '../../src/server/steps.ts'
import { isSoak } from '../lab/figures.ts'
import { ask, ship, ssh, sshOk } from './setup/harness.ts'
import { publish } from './setup/published.ts'
import { echoesUdp, openTcp, openUdp } from './setup/scan.ts'
import { makeSource } from './setup/source.ts'

const server = 'setup-scenario'
const limitMs = 600_000
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)
const known = [2375, 2376, 2377, 4789, 5353, 5432, 6379, 7946, 8080, 8081, 9090]
const ports = isSoak ? upTo(65_535) : [...upTo(1024), ...known]

/** Longer than any guard: a wait that ends here is a fault. */
const revertWaitMs = 120_000

const addressOf = async () => (await list()).find((each) => each.name === server)!.address

const untilTrue = async (question: () => Promise<boolean>, what: string) => {
  const deadline = Date.now() + revertWaitMs
  while (!(await question())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${revertWaitMs / 1000} s`)
    await sleep(1_000)
  }
}

const canLogIn = async () => (await ssh(server, 'true', 'deploy')).code === 0

const outsideView = async () => {
  const address = await addressOf()
  return { tcp: await openTcp(address, ports), udp: await openUdp(address, ports) }
}

const onlyTheDoors = { tcp: [22, 80, 443], udp: [443] }

const sshdStep = (content: string): AnyStep =>
  serverStep('server.sshd', paths.sshd, 'a test', { path: paths.sshd, content, expect: {} })

const sourceStep = (keyFingerprint: string): AnyStep =>
  serverStep('server.package-source', 'scenario', 'a test', {
    name: 'scenario',
    keyUrl: 'http://127.0.0.1:8999/key.asc',
    keyFingerprint,
    uri: 'http://127.0.0.1:8999',
    suite: 'any',
    component: 'main',
  })

const confirmStep = (guard: GuardName): AnyStep =>
  serverStep('server.confirm', guard, 'a test', { guard })

// A network of one link, and on it a default route, so that it counts as outside. It goes with a reboot.
const neighbour = `set -e
sysctl -q net.ipv6.conf.lo.disable_ipv6=0
ip netns add outside
ip link add eth6 type veth peer name far
ip link set far netns outside
sysctl -q net.ipv6.conf.eth6.disable_ipv6=0
ip -6 address add fd77::1/64 dev eth6 nodad
ip link set eth6 up
ip -6 route add default via fd77::2 dev eth6
ip netns exec outside sysctl -q net.ipv6.conf.far.disable_ipv6=0
ip netns exec outside ip -6 address add fd77::2/64 dev far nodad
ip netns exec outside ip link set far up`

/** What the firewall keeps shut and what it does not; of these alone it is known how they are without it. */
const telling = [22, 80, 443, 2377, 8080, 9090]

const lookAround = `
const { connect } = require('node:net')
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const ports = ${JSON.stringify(isSoak ? upTo(65_535) : telling)}
const rest = ports.values()
const tcp = []
const udp = new Set()
const open = (port) => new Promise((resolve) => {
  const socket = connect({ host: 'fd77::1', port, timeout: 1500 })
  for (const end of ['connect', 'timeout', 'error'])
    socket.on(end, () => { socket.destroy(); resolve(end === 'connect') })
})
const worker = async () => { for (const port of rest) if (await open(port)) tcp.push(port) }
const datagrams = async () => {
  const socket = require('node:dgram').createSocket('udp6')
  socket.on('message', (_text, { port }) => udp.add(port))
  for (const [index, port] of [...ports, ...ports].entries()) {
    socket.send('hello', port, 'fd77::1')
    if (index % 256 === 0) await sleep(5)
  }
  await sleep(1500)
  socket.close()
}
const sorted = (open) => [...open].sort((left, right) => left - right)
Promise.all([...Array.from({ length: 800 }, worker), datagrams()])
  .then(() => console.log(JSON.stringify({ tcp: sorted(tcp), udp: sorted(udp) })))
`

// Limits of a login and of a container, a setting of the kernel, the shell at a prompt and in a script.
const hardened = `set -e
ulimit -Hc
awk '/core file/ { print $5, $6 }' /proc/$(docker inspect -f '{{.State.Pid}}' echo)/limits
sysctl -n net.ipv4.conf.all.send_redirects
bash -lic 'echo $TMOUT' 2> /dev/null
bash -lc 'echo \${TMOUT-unset}'
`

const neighbourView = async () =>
  JSON.parse(await sshOk(server, 'ip netns exec outside /root/node -', lookAround)) as {
    tcp: number[]
    udp: number[]
  }

/** What a neighbour sees that the server makes for itself, behind a second way out; without the firewall first. */
const expectSameOverIpv6 = async () => {
  await sshOk(server, neighbour)
  expect((await ask(server, 'apply')).kinds).toEqual(['server.firewall'])
  expect((await ask(server, 'confirm')).ok).toBe(true)
  // Docker looks for IPv6 once, when it starts.
  await sshOk(server, 'systemctl restart docker')
  await untilTrue(async () => echoesUdp(await addressOf(), 443), 'the container is back')
  await sshOk(server, 'systemctl stop zarpe-firewall')
  const open = await neighbourView()
  expect(open.tcp.filter((port) => telling.includes(port))).toEqual([22, 80, 443, 8080])
  expect(open.udp.filter((port) => telling.includes(port))).toEqual([443, 8080])
  await sshOk(server, 'systemctl start zarpe-firewall')
  expect(await neighbourView()).toEqual(onlyTheDoors)
  await sshOk(server, 'ip link delete eth6 && ip netns delete outside')
  expect((await ask(server, 'apply')).kinds).toEqual(['server.firewall'])
  expect((await ask(server, 'confirm')).ok).toBe(true)
}

describe('a bare server', () => {
  beforeAll(async () => {
    await down(server)
    await up({ name: server, image: 'debian-13' }, () => undefined)
    await ship(server)
  }, limitMs)
  afterAll(() => down(server), limitMs)

  it(
    'is set up in one go, confirmed by a new login, and then needs nothing',
    async () => {
      const applied = await ask(server, 'apply')
      expect(applied).toMatchObject({ ok: true, guarded: ['firewall', 'sshd'] })
      // Where sshd was restarted, for a moment nothing listens; `zarpe setup` tries again, too.
      await untilTrue(canLogIn, 'the new login works')
      expect(await ask(server, 'confirm')).toMatchObject({
        ok: true,
        kinds: ['server.confirm', 'server.confirm'],
      })
      expect((await ask(server, 'plan')).kinds).toEqual([])
    },
    limitMs,
  )

  it(
    'merges the file of the engine with what the hoster had preset',
    async () => {
      const text = await sshOk(server, 'cat /etc/docker/daemon.json')
      expect(JSON.parse(text)).toMatchObject({
        'log-driver': 'journald',
        'default-address-pools': [{ base: '10.201.0.0/16', size: 24 }],
      })
      const info = JSON.parse(
        await sshOk(server, "docker info --format '{{json .Swarm}}'"),
      ) as object
      expect(info).toMatchObject({
        LocalNodeState: 'active',
        ControlAvailable: true,
        NodeAddr: '10.210.0.1',
      })
    },
    limitMs,
  )

  it(
    'gives the deploy user a key, one command, and nothing else',
    async () => {
      const allowed = await ssh(server, 'sudo -n -l', 'deploy')
      expect(allowed.stdout).toContain(`(root) NOPASSWD: ${paths.agent}`)
      expect((await ssh(server, 'sudo -n id', 'deploy')).code).not.toBe(0)
      expect((await ssh(server, 'docker ps', 'deploy')).code).not.toBe(0)
      const settings = await sshOk(server, '/usr/sbin/sshd -T')
      expect(settings).toContain('passwordauthentication no')
      expect(settings).toContain('allowstreamlocalforwarding yes')
    },
    limitMs,
  )

  it(
    'shows the world SSH, 80 and 443 only, whatever a container publishes',
    async () => {
      await publish(server)
      const address = await addressOf()
      // First without the firewall, or the scan would prove nothing.
      await sshOk(server, 'systemctl stop zarpe-firewall')
      await untilTrue(() => echoesUdp(address, 8080), 'the published port answers')
      expect(await openTcp(address, [8080, 8081, 9090])).toEqual([8080, 8081])
      expect(await openUdp(address, [443, 8080, 8081])).toEqual([443, 8080])
      await sshOk(server, 'systemctl start zarpe-firewall')
      expect(await outsideView()).toEqual(onlyTheDoors)
    },
    limitMs,
  )

  it(
    'keeps memory off the disk, redirects to itself, and no forgotten shell open',
    async () => {
      const seen = await sshOk(server, hardened)
      expect(seen.trim().split('\n')).toEqual(['0', '0 0', '0', '1800', 'unset'])
    },
    limitMs,
  )

  it(
    'keeps that through restarts of Docker, reloads of nftables and of ufw',
    async () => {
      await sshOk(server, 'systemctl restart docker')
      await untilTrue(async () => echoesUdp(await addressOf(), 443), 'the container is back')
      expect(await outsideView()).toEqual(onlyTheDoors)
      await sshOk(server, 'apt-get install -y --no-install-recommends ufw > /dev/null')
      await sshOk(server, 'ufw allow 8080 && ufw allow ssh && ufw --force enable && ufw reload')
      expect(await outsideView()).toEqual(onlyTheDoors)
      await sshOk(server, 'ufw --force disable')
      // Empties the whole rule set, Docker's included: ours must come back by itself.
      for (const act of ['start', 'reload', 'restart', 'stop nftables && systemctl start']) {
        await sshOk(server, `systemctl ${act} nftables`)
        const isBack = async () => (await ssh(server, 'nft list table inet zarpe')).code === 0
        await untilTrue(isBack, `our table is back after ${act} of nftables`)
      }
      await sshOk(server, 'systemctl disable --now nftables; systemctl restart docker')
    },
    limitMs,
  )

  it('has the same view over IPv6', expectSameOverIpv6, limitMs)

  it(
    'is the same after a reboot: engine, swarm, container and firewall are back',
    async () => {
      await restart(server)
      await untilTrue(async () => echoesUdp(await addressOf(), 443), 'the container is back')
      expect(await sshOk(server, "docker info --format '{{.Swarm.LocalNodeState}}'")).toBe(
        'active\n',
      )
      expect(await outsideView()).toEqual(onlyTheDoors)
      expect((await ask(server, 'plan')).kinds).toEqual([])
      if (isSoak) await expectSameOverIpv6()
    },
    limitMs,
  )

  it(
    'adds a package source only when its key is the known one',
    async () => {
      const keyFingerprint = await makeSource(server)
      const refused = await ask(server, 'run', [sourceStep('0'.repeat(40))])
      expect(refused.problem).toMatchObject({ code: 'server/package-key-unknown' })
      expect(await sshOk(server, 'ls /etc/apt/keyrings')).toBe('')
      const install = ['zarpe-scenario']
      const steps = [
        sourceStep(keyFingerprint),
        serverStep('server.packages', 'zarpe-scenario', 'a test', { install }),
      ]
      expect(await ask(server, 'run', steps)).toMatchObject({ ok: true })
      expect((await ask(server, 'facts')).facts?.packages).toContain('zarpe-scenario')
    },
    limitMs,
  )

  it(
    'takes back at once SSH settings that are no settings',
    async () => {
      const before = await sshOk(server, `cat ${paths.sshd}`)
      const answer = await ask(server, 'run', [sshdStep('NoSuchSetting yes\n')])
      expect(answer.problem).toMatchObject({ code: 'server/sshd-refused' })
      expect(await sshOk(server, `cat ${paths.sshd}`)).toBe(before)
      expect((await ask(server, 'facts')).facts?.guards).toEqual({ sshd: 'none', firewall: 'none' })
    },
    limitMs,
  )

  it(
    'opens again by itself after SSH settings that lock everybody out',
    async () => {
      const before = await sshOk(server, `cat ${paths.sshd}`)
      expect(await ask(server, 'run', [sshdStep('AllowUsers nobody\n')])).toMatchObject({
        ok: true,
      })
      expect(await canLogIn()).toBe(false)
      await untilTrue(canLogIn, 'a login works again')
      expect(await sshOk(server, `cat ${paths.sshd}`)).toBe(before)
      const late = await ask(server, 'run', [confirmStep('sshd')])
      expect(late.problem).toMatchObject({ code: 'server/undone-unconfirmed' })
    },
    limitMs,
  )

  it(
    'opens again by itself after a firewall that locks everybody out, even through a reboot',
    async () => {
      const content = (await sshOk(server, `cat ${paths.firewall}`)).replace('{ 22, ', '{ ')
      const marker = /zarpe [0-9a-f]+/.exec(content)![0]
      const params = { path: paths.firewall, content, marker }
      const step = serverStep('server.firewall', paths.firewall, 'a test', params)
      expect(await ask(server, 'run', [step])).toMatchObject({ ok: true })
      expect(await openTcp(await addressOf(), [22, 80])).toEqual([80])
      await dockerOk(['restart', server])
      await untilTrue(canLogIn, 'a login works again')
      expect(await sshOk(server, `cat ${paths.firewall}`)).toContain('{ 22, ')
      expect((await ask(server, 'plan')).kinds).toEqual([])
    },
    limitMs,
  )
})
