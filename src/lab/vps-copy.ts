import { docker, dockerLines, dockerOk } from './docker.ts'
import { labLabel } from './home.ts'
import { powers, volumesOf } from './vps-container.ts'

// A server that took a minute to make is kept, and others begin as copies of it within seconds.

const repository = 'zarpe-lab/kept'
const copyLimitMs = 300_000

/** The image that holds the root disk of a server that is kept. */
export const keptTag = (kept: string) => `${repository}:${kept}`

/** Servers that are kept, by their disks' names. */
export const keptServers = async (): Promise<string[]> =>
  (await dockerLines(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}']))
    .filter((tag) => tag.startsWith(`${repository}:`))
    .map((tag) => tag.slice(repository.length + 1))

/** What no two servers may share: each copy makes its own at its first boot. */
const forgetItself =
  'rm -rf /etc/ssh/ssh_host_* /var/log/journal/* /var/lib/systemd/random-seed; : > /etc/machine-id'

/**
 * Stops a server in good order and keeps its disks under a name; the server itself is removed. Its
 * swarm goes along: it is bound to the stable address, which is the same on every copy.
 */
export const keepAs = async (name: string, kept: string): Promise<void> => {
  await dockerOk(['exec', name, 'sh', '-c', forgetItself])
  await dockerOk(['stop', '--time', '90', name])
  const tag = keptTag(kept)
  await dockerOk(['commit', '--pause=false', name, tag], { limitMs: copyLimitMs })
  for (const volume of volumesOf(kept))
    await dockerOk(['volume', 'create', '--label', `${labLabel}=1`, volume])
  await copyDisks(tag, name, kept)
  await dockerOk(['rm', '--force', '--volumes', name])
  await dockerOk(['volume', 'rm', '--force', ...volumesOf(name)])
}

/** Fills the empty disks of one server with those of another; both are off. */
export const copyDisks = async (tag: string, from: string, to: string): Promise<void> => {
  const sources = volumesOf(from)
  for (const [index, target] of volumesOf(to).entries()) {
    const argv = [
      ['run', '--rm', ...(await powers(tag)).flat(), '--network', 'none'],
      ['--volume', `${sources[index]}:/from:ro`, '--volume', `${target}:/to`],
      ['--entrypoint', 'cp', tag, '--archive', '/from/.', '/to/'],
    ]
    await dockerOk(argv.flat(), { limitMs: copyLimitMs })
  }
}

/** Removes what was kept under a name; servers that were copied from it stay. */
export const forgetKept = async (kept: string): Promise<void> => {
  await docker(['rmi', keptTag(kept)])
  await docker(['volume', 'rm', '--force', ...volumesOf(kept)])
}
