import { docker, dockerOk } from './docker.ts'
import { labLabel, type Report } from './home.ts'
import { labNetwork } from './network.ts'

/** One of the lab's own services: a container on its network with an address and a volume. */
export type Service = {
  /** The container's name, and its volume's. */
  name: string
  tag: string
  address: string
  /** Where the volume is mounted. */
  data: string
  publish?: string
  argv?: string[]
}

/** Makes sure that the service runs, from the image as it is now; the volume outlives it. */
export const ensureService = async (service: Service, report: Report): Promise<void> => {
  const { name, tag, address, data, publish, argv = [] } = service
  const wanted = await dockerOk(['image', 'inspect', '--format', '{{.Id}}', tag])
  const format = '{{.State.Running}} {{.Image}}'
  const present = await docker(['container', 'inspect', '--format', format, name])
  if (present.stdout.trim() === `true ${wanted}`) return
  report(`starting ${name}`)
  if (present.code === 0) await dockerOk(['rm', '--force', name])
  await dockerOk(['volume', 'create', '--label', `${labLabel}=1`, name])
  const parts = [
    ['run', '--detach', '--name', name, '--label', `${labLabel}=1`, '--restart', 'always'],
    ['--network', labNetwork, '--ip', address, '--volume', `${name}:${data}`],
    publish ? ['--publish', publish] : [],
    [tag, ...argv],
  ]
  await dockerOk(parts.flat())
}
