import { expect } from 'vitest'
import { inside } from '../../src/lab/vps.ts'
import { comparedFiles } from '../../src/server/paths.ts'

/** A server's own shell, past SSH; what it printed. */
const shell = async (server: string, script: string) => {
  const { stdout } = await inside(server, ['sh', '-c', `${script}\necho looked`])
  expect(stdout, 'the server was looked at').toMatch(/^looked$/m)
  return stdout.replace(/^looked$/m, '').trim()
}

/** Everything that setup and releases write to, but what Docker and apt keep for themselves. */
export const ofZarpe = (server: string): Promise<string> =>
  shell(
    server,
    `find / -xdev \\( -path /proc -o -path /sys -o -path /var/lib/docker -o -path /var/lib/containerd -o -path /var/cache -o -path /var/lib/apt -o -path /var/log -o -path /run -o -path /tmp \\) -prune -o -iname '*zarpe*' -print; ls /run | grep -i zarpe; systemctl list-units --all --plain --no-legend '*zarpe*'`,
  )

/** What a set-up has left to be the same on every server: files, units, the engine's state, users, held packages. */
export const setUpState = (server: string): Promise<string> =>
  shell(
    server,
    `sha256sum ${comparedFiles.join(' ')} 2>&1
find /etc /usr/local /var/lib/zarpe -name '*.new*' -o -name '*.tmp'
systemctl is-enabled zarpe-net zarpe-firewall docker swapfile.swap 2>&1
systemctl is-active zarpe-net zarpe-firewall docker ssh 2>&1
nft list table inet zarpe | grep -c .
docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.NodeAddr}} {{.LoggingDriver}}'
apt-mark showhold
id -nG deploy
stat -c '%A %U %G %s' /home/deploy/.ssh/authorized_keys
ls -A /var/lib/zarpe/guards 2>&1`,
  )
