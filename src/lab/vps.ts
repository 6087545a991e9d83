import type { RunOptions } from '../io/host/processes/process.ts'
import { forgetMachine } from '../io/ssh/machines.ts'
import { Problem } from '../problem/problem.ts'
import { docker, dockerLines, dockerOk } from './docker.ts'
import { ensureEngine } from './engine.ts'
import type { Report } from './home.ts'
import { isHubReachable } from './hub.ts'
import { ensureVpsImage, type VpsImage, vpsTag } from './images/images.ts'
import {
  ensureKey,
  sshConfigFile,
  targetOf,
  writeKnownHost,
  writeSshConfig,
  type SshTarget,
} from './keys.ts'
import { withLock } from './lock.ts'
import { ensureMirror, mirrorSettings } from './mirror.ts'
import { addressFor, addresses, ensureNetwork } from './network.ts'
import { authorize, awaitSsh, hostKeysOf } from './vps-boot.ts'
import { ownerLabel, runArgv, vpsLabel, volumesOf } from './vps-container.ts'
import { copyDisks, keptTag } from './vps-copy.ts'

export type VpsOptions = {
  name: string
  image?: VpsImage
  /** Ports of this machine's loopback that lead to the server's, such as `{ 8443: 443 }`. */
  ports?: Record<number, number>
  /** What `keepAs` kept: the server begins as a copy of that one. */
  from?: string
}

/** A server of the lab as the engine sees it now. */
export type Vps = { name: string; address: string; image: string; state: string }

/**
 * Brings up a server and waits until its sshd answers. One of that name that exists is started if
 * it is off, and otherwise left as it is.
 */
export const up = async (options: VpsOptions, report: Report): Promise<Vps> => {
  const { name, image = 'debian-13' } = options
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) throw badName(name)
  await ensureEngine(report)
  if (!(await find(name))) await ensureMirror(report)
  const vps = await withLock('lab', async () => {
    const existing = await find(name)
    if (existing && existing.image !== image) throw differs(existing, image)
    if (!existing) await create(options, image, report)
    else if (existing.state !== 'running') await switchOn(existing, report)
    return get(name)
  })
  await admit(vps)
  return vps
}

/** Removes a server and its disk. */
export const down = async (name: string): Promise<void> => {
  await withLock('lab', async () => {
    if (!(await find(name))) return
    await dockerOk(['rm', '--force', '--volumes', name])
    await dockerOk(['volume', 'rm', '--force', ...volumesOf(name)])
    await forgetMachine(name, sshConfigFile())
    await withLock('keys', async () => writeSshConfig(await list()))
  })
}

/** The lab's servers, running or not, by name; one that is just being removed is none any more. */
export const list = async (): Promise<Vps[]> => {
  const ids = await dockerLines(['ps', '--all', '--quiet', '--filter', `label=${vpsLabel}`])
  if (ids.length === 0) return []
  const address = `{{with index .NetworkSettings.Networks "zarpe-lab"}}{{with .IPAMConfig}}{{.IPv4Address}}{{end}}{{end}}`
  const format = `{{slice .Name 1}} {{index .Config.Labels "${vpsLabel}"}} {{.State.Status}} ${address}`
  const inspected = await docker(['inspect', '--format', format, ...ids])
  if (inspected.code !== 0 && !/no such/i.test(inspected.stderr)) throw notListed(inspected.stderr)
  return inspected.stdout
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([name = '', image = '', state = '', address = '']) =>
      address ? [{ name, address, image, state }] : [],
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Removes every server that was made for `owner`; without an engine there is none. */
export const downAllOf = async (owner: string): Promise<void> => {
  const filter = ['--filter', `label=${vpsLabel}`, '--filter', `label=${ownerLabel}=${owner}`]
  const { code, stdout } = await docker(['ps', '--all', ...filter, '--format', '{{.Names}}'])
  if (code === 0) for (const name of stdout.split('\n').filter(Boolean)) await down(name)
}

/** How to reach a server over SSH, as root with the lab's key. */
export const sshTarget = async (name: string): Promise<SshTarget> => targetOf(await get(name))

/** Runs a program inside a server, past SSH; for tests that must not trust what they test. */
export const inside = (name: string, argv: string[], options: RunOptions = {}) =>
  docker(['exec', '--interactive', name, ...argv], { input: '', ...options })

/** Reboots a server in good order and waits for its sshd. */
export const restart = async (name: string): Promise<void> => {
  await dockerOk(['restart', '--time', '90', name])
  await awaitSsh(await get(name))
}

/** Cuts a server's power. What its kernel had not written is not lost: the page cache is ours. */
export const kill = async (name: string): Promise<void> => {
  await dockerOk(['kill', '--signal', 'KILL', name])
}

/** Switches a server on that was cut or stopped, and waits for its sshd. */
export const start = async (name: string): Promise<void> => {
  await dockerOk(['start', name])
  await awaitSsh(await get(name))
}

/** Freezes every process of a server: to its peers it is a black hole. */
export const pause = async (name: string): Promise<void> => {
  await dockerOk(['pause', name])
}

export const unpause = async (name: string): Promise<void> => {
  await dockerOk(['unpause', name])
}

const find = async (name: string) => (await list()).find((vps) => vps.name === name)

const get = async (name: string): Promise<Vps> => {
  const vps = await find(name)
  if (vps) return vps
  throw new Problem({
    code: 'lab/no-such-server',
    summary: 'The lab has no server of that name.',
    detail: `"${name}" is not among the lab's servers.`,
    fix: [`zarpe lab up ${name}`],
  })
}

const switchOn = async ({ name, state }: Vps, report: Report) => {
  report(`starting ${name} again`)
  await dockerOk([state === 'paused' ? 'unpause' : 'start', name])
}

const create = async (options: VpsOptions, image: VpsImage, report: Report) => {
  await ensureNetwork(report)
  const { from } = options
  if (from === undefined) {
    const settings = (await isHubReachable()) ? undefined : mirrorSettings
    await ensureVpsImage(image, settings, report)
  }
  const taken = new Set([...Object.values(addresses), ...(await list()).map((vps) => vps.address)])
  const address = addressFor(options.name, taken)
  if (!address) throw full()
  const tag = from === undefined ? vpsTag(image) : keptTag(from)
  const argv = await runArgv({ ...options, address, image, tag })
  if (from !== undefined) await copyDisks(tag, from, options.name)
  // A new machine behind a name that may have been another's.
  await forgetMachine(options.name, sshConfigFile())
  report(`starting ${options.name} (${image})`)
  const result = await docker(argv)
  if (result.code === 0) return
  await docker(['rm', '--force', '--volumes', options.name])
  throw notStarted(options.name, result.stderr)
}

/** Puts the lab's key on the server, and the server's keys into the lab's list of known hosts. */
const admit = async (vps: Vps) => {
  const key = await withLock('keys', ensureKey)
  await awaitSsh(vps)
  await authorize(vps.name, key)
  const hostKeys = await hostKeysOf(vps.name)
  await withLock('keys', async () => {
    writeKnownHost(vps, hostKeys)
    writeSshConfig(await list())
  })
}

const badName = (name: string) =>
  new Problem({
    code: 'lab/bad-name',
    summary: 'A server of the lab needs a simple name.',
    detail: `"${name}" is not 1 to 31 of a-z, 0-9 and "-", beginning with a letter.`,
    fix: ['Choose a name such as vps1.'],
  })

const differs = (existing: Vps, image: string) =>
  new Problem({
    code: 'lab/server-differs',
    summary: 'The lab has a server of that name, of another kind.',
    detail: `"${existing.name}" is a ${existing.image}; asked for was a ${image}.`,
    fix: [`zarpe lab down ${existing.name}`],
  })

const notListed = (output: string) =>
  new Problem({
    code: 'lab/not-listed',
    summary: "The engine did not tell the lab's servers.",
    detail: output.trim().split('\n').at(-1) ?? '',
    fix: ['docker ps --all --filter label=zarpe.lab.vps'],
  })

const full = () =>
  new Problem({
    code: 'lab/full',
    summary: 'The lab has no address left.',
    detail: 'All addresses of its network, 10.77.0.0/24, are taken.',
    fix: ['zarpe lab down'],
  })

const notStarted = (name: string, output: string) =>
  new Problem({
    code: 'lab/server-not-started',
    summary: 'A server of the lab could not be started.',
    detail: `The engine refused to run the container "${name}".`,
    fix: [],
    evidence: output.split('\n').filter(Boolean).slice(-6),
  })
