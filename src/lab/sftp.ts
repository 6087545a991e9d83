import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { docker, dockerOk } from './docker.ts'
import { ensureEngine } from './engine.ts'
import { labLabel, type Report } from './home.ts'
import { baseTag, ensureBase } from './images/base.ts'
import { sftpTag } from './images/images.ts'
import { ensureImage } from './images/recipe.ts'
import { withLock } from './lock.ts'
import { addresses, ensureNetwork, labNetwork } from './network.ts'

/** The boxes there can be: who runs beside others has one of its own, since a start empties it. */
export type SftpBox = 'sftp' | 'sftpSmall' | 'sftpGuide'

const user = 'u000000'
const startLimitMs = 30_000

/** A storage box of the lab: SFTP with a password on port 23. The login can write to `backups` alone. */
export type SftpServer = {
  /** The container. */
  name: string
  host: string
  port: number
  user: string
  password: string
  /** As zarpe.yml pins it. */
  hostKey: string
}

export type SftpServerOptions = {
  /** Room for files; without it, as much as this machine has. */
  roomMb?: number
  /** A public key that may log in as well. */
  publicKey?: string
}

/** Starts a storage box anew: empty, with a host key and a password that were never used before. */
export const startSftp = async (
  which: SftpBox,
  { roomMb, publicKey }: SftpServerOptions,
  report: Report,
): Promise<SftpServer> => {
  await ensureEngine(report)
  await withLock('lab', async () => {
    await ensureBase('trixie', report)
    await ensureNetwork(report)
    await ensureImage({ tag: sftpTag, folder: 'sftp', base: baseTag('trixie') }, report)
  })
  const name = containers[which]
  await stopSftp(which)
  const room = roomMb === undefined ? [] : ['--tmpfs', `/store/backups:size=${roomMb}m`]
  const argv = ['run', '--detach', '--name', name, '--label', `${labLabel}=1`, ...room]
  await dockerOk([...argv, '--network', labNetwork, '--ip', addresses[which], sftpTag])
  // What its entry point makes, such as the folder of keys, is there by then.
  await awaitListening(name)
  const password = randomBytes(18).toString('base64url')
  await dockerOk(['exec', '-i', name, 'chpasswd'], { input: `${user}:${password}\n` })
  if (publicKey !== undefined) {
    const keys = `/etc/ssh/keys/${user}`
    await dockerOk(['exec', '-i', name, 'tee', keys], { input: `${publicKey}\n` })
  }
  const hostKey = await hostKeyOf(name)
  return { name, host: addresses[which], port: 23, user, password, hostKey }
}

/** Removes a storage box with all it has. */
export const stopSftp = async (which: SftpBox): Promise<void> => {
  await docker(['rm', '--force', '--volumes', containers[which]])
}

/** What a storage box shows of itself now. */
export const hostKeyOf = async (name: string): Promise<string> => {
  const text = await dockerOk(['exec', name, 'cat', '/etc/ssh/ssh_host_ed25519_key.pub'])
  return text.split(' ').slice(0, 2).join(' ')
}

const containers = {
  sftp: 'zarpe-sftp',
  sftpSmall: 'zarpe-sftp-small',
  sftpGuide: 'zarpe-sftp-guide',
}

const awaitListening = async (name: string) => {
  const deadline = Date.now() + startLimitMs
  for (;;) {
    const { stdout, stderr } = await docker(['logs', name])
    if (`${stdout}${stderr}`.includes('Server listening on')) return
    if (Date.now() > deadline) throw new Error(`${name} does not listen: ${stdout}${stderr}`)
    await sleep(50)
  }
}
