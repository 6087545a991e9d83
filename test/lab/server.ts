import { setDns } from '../../src/lab/acme.ts'
import { inside, up, type Vps } from '../../src/lab/vps.ts'
import { zarpeOk } from './cli.ts'

const quiet = () => undefined

/** A server of the lab that `zarpe setup` has made ready; one that is there is used again. */
export const readyServer = async (
  name: string,
  image: 'debian-13' | 'debian-12' | 'debian-13-docker' = 'debian-13-docker',
): Promise<Vps> => {
  const server = await up({ name, image }, quiet)
  const agent = await inside(name, ['test', '-x', '/usr/local/bin/zarpe-agent'])
  const login = await inside(name, ['id', 'deploy'])
  if (agent.code !== 0 || login.code !== 0) await zarpeOk(['setup', `root@${name}`])
  return server
}

/** Lets names of the lab's DNS point to a server. */
export const pointTo = async (server: Vps, names: string[]) => {
  for (const name of names) await setDns(name, server.address)
}
