import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { bundle, root } from '../../scripts/bundle.ts'
import { setDns } from '../../src/lab/acme.ts'
import { withLock } from '../../src/lab/lock.ts'
import { forgetKept, keepAs, keptServers } from '../../src/lab/vps-copy.ts'
import { down, inside, list, up, type Vps } from '../../src/lab/vps.ts'
import { zarpeOk } from './cli.ts'

const quiet = () => undefined
const swarmLimitMs = 60_000

/**
 * A new server of the lab that `zarpe setup` has made ready; one of the usual kind begins as a copy of
 * one that this very program has set up. What a run that was ended has left of its name is removed;
 * with ZARPE_KEEP set it is used again.
 */
export const readyServer = async (
  name: string,
  image: 'debian-13' | 'debian-12' | 'debian-13-docker' = 'debian-13-docker',
): Promise<Vps> => {
  const isKept = Boolean(process.env['ZARPE_KEEP'])
  const isThere = isKept && (await list()).some((each) => each.name === name)
  if (!isThere) await down(name)
  const isCopy = !isThere && image === 'debian-13-docker'
  const from = isCopy ? { from: await keptReady() } : {}
  const server = await up({ name, image, ...from }, quiet)
  if (isCopy) await awaitSwarm(name)
  const agent = await inside(name, ['test', '-x', '/usr/local/bin/zarpe-agent'])
  const login = await inside(name, ['id', 'deploy'])
  if (agent.code !== 0 || login.code !== 0) await zarpeOk(['setup', `root@${name}`])
  return server
}

const hashOf = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')

/** Sets a bare server up, once for each state of the sources, and keeps it to be copied. */
const keptReady = async (): Promise<string> => {
  const mine = `ready-${hashOf(root).slice(0, 6)}`
  const kept = `${mine}-${hashOf(readFileSync(await bundle())).slice(0, 12)}`
  await withLock('ready', async () => {
    const there = await keptServers()
    if (there.includes(kept)) return
    await down(mine)
    await up({ name: mine, image: 'debian-13-docker' }, quiet)
    await zarpeOk(['setup', `root@${mine}`])
    await keepAs(mine, kept)
    for (const old of there.filter((each) => each.startsWith(`${mine}-`))) await forgetKept(old)
  })
  return kept
}

/** The engine of a copy has started; its swarm elects itself and learns its new name. */
const awaitSwarm = async (name: string) => {
  const deadline = Date.now() + swarmLimitMs
  const format = ['docker', 'node', 'ls', '--format', '{{.Hostname}} {{.Status}}']
  for (;;) {
    const { stdout } = await inside(name, format)
    if (stdout.trim() === `${name} Ready`) return
    if (Date.now() > deadline) throw new Error(`the swarm of ${name} is not back: ${stdout}`)
    await sleep(200)
  }
}

/** Lets names of the lab's DNS point to a server. */
export const pointTo = async (server: Vps, names: string[]) => {
  for (const name of names) await setDns(name, server.address)
}
