import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { runOk } from '../io/host/processes/process.ts'
import { labPath } from './home.ts'

/** What `ssh -F <configFile> <host>` and an SSH library need to reach a server of the lab. */
export type SshTarget = {
  /** Its alias in the config file; also its name. */
  host: string
  address: string
  port: number
  user: string
  configFile: string
  identityFile: string
  knownHostsFile: string
}

export const sshConfigFile = () => labPath('ssh_config')
const identityFile = () => labPath('id_ed25519')
const knownHostsFile = () => labPath('known_hosts')

/** The lab's public key; the pair is generated once and never leaves the lab's folder. */
export const ensureKey = async (): Promise<string> => {
  if (!existsSync(identityFile())) {
    const argv = ['-q', '-t', 'ed25519', '-N', '', '-C', 'zarpe-lab', '-f', identityFile()]
    await runOk('ssh-keygen', argv, { limitMs: 30_000 })
  }
  return readFileSync(`${identityFile()}.pub`, 'utf8').trim()
}

export const targetOf = (server: { name: string; address: string }): SshTarget => ({
  host: server.name,
  address: server.address,
  port: 22,
  user: 'root',
  configFile: sshConfigFile(),
  identityFile: identityFile(),
  knownHostsFile: knownHostsFile(),
})

/**
 * Writes the config file for all servers. Only the lab's key is offered: after five wrong keys
 * Debian 13's sshd refuses the right one as well.
 */
export const writeSshConfig = (servers: { name: string; address: string }[]): void => {
  const blocks = servers.map(
    ({ name, address }) => `Host ${name}
  HostName ${address}
  User root
  IdentityFile ${identityFile()}
  IdentitiesOnly yes
  UserKnownHostsFile ${knownHostsFile()}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  ConnectTimeout 10
`,
  )
  replaceFile(sshConfigFile(), blocks.join('\n'))
}

/** Records a server's host keys, in the place of any it had before. */
export const writeKnownHost = (
  server: { name: string; address: string },
  publicKeys: string[],
): void => {
  const path = knownHostsFile()
  const known = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []
  const names = `${server.name},${server.address}`
  const isOld = (line: string) => {
    const hosts = (line.split(' ')[0] ?? '').split(',')
    return hosts.includes(server.name) || hosts.includes(server.address)
  }
  const lines = publicKeys.map((key) => `${names} ${key.split(' ').slice(0, 2).join(' ')}`)
  replaceFile(path, [...known.filter((line) => !isOld(line)), ...lines, ''].join('\n'))
}

/** A reader sees the old file or the new one, never a part. */
const replaceFile = (path: string, text: string) => {
  writeFileSync(`${path}.new`, text, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
