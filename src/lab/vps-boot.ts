import { createConnection } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../problem/problem.ts'
import { docker, dockerOk } from './docker.ts'

const sshLimitMs = 60_000
const bootLimitMs = 60_000
const bannerLimitMs = 2_000

type Server = { name: string; address: string }

/** Waits until the server has booted and its sshd greets. */
export const awaitSsh = async (server: Server): Promise<void> => {
  const deadline = Date.now() + sshLimitMs
  while (!(await hasBanner(server.address))) {
    if (Date.now() > deadline) throw await silent(server)
    await sleep(100)
  }
  // Its answer is the state, such as `degraded`, and whatever that is, the boot is over.
  await docker(['exec', server.name, 'systemctl', 'is-system-running', '--wait'], {
    limitMs: bootLimitMs,
  })
}

/** The public host keys that a server made at its first boot. */
export const hostKeysOf = async (name: string): Promise<string[]> => {
  const read = 'cat /etc/ssh/ssh_host_*_key.pub'
  return (await dockerOk(['exec', name, 'sh', '-c', read])).split('\n').filter(Boolean)
}

const append =
  'umask 077; mkdir -p /root/.ssh; cd /root/.ssh; key=$(cat); touch authorized_keys; ' +
  'grep -qxF "$key" authorized_keys || echo "$key" >> authorized_keys'

/** Lets a public key log in as root, as a hoster does with the key given at the order. */
export const authorize = async (name: string, publicKey: string): Promise<void> => {
  await dockerOk(['exec', '--interactive', name, 'sh', '-c', append], { input: publicKey })
}

const hasBanner = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: address, port: 22, timeout: bannerLimitMs })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('data', (bytes) => end(bytes.toString('latin1').startsWith('SSH-2.0')))
    socket.on('timeout', () => end(false))
    socket.on('error', () => end(false))
    socket.on('close', () => end(false))
  })

const silent = async ({ name, address }: Server) => {
  const logs = await docker(['logs', '--tail', '12', name])
  return new Problem({
    code: 'lab/server-silent',
    summary: 'A server of the lab did not come up.',
    detail: `No sshd greeted at ${address}:22 ("${name}") within ${sshLimitMs / 1000} s.`,
    fix: [`docker logs ${name}`, `docker exec ${name} systemctl --failed`],
    evidence: `${logs.stdout}${logs.stderr}`.split('\n').filter(Boolean),
  })
}
