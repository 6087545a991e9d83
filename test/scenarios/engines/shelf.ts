import { ensureServed } from '../../../src/lab/mirror.ts'
import { inside } from '../../../src/lab/vps.ts'
import { zarpe, zarpeOk } from '../../lab/cli.ts'
import { type Project, projectFrom } from '../../lab/project.ts'
import { readyServer } from '../../lab/server.ts'
import { withServers } from './kinds.ts'

export const server = 'engines'
export const project = 'shelf-production'

/** A product with one of each kind of data, released on a server of its own. */
export const releasedShelf = async (): Promise<Project> => {
  await readyServer(server)
  await ensureServed(['rabbitmq:4'], () => undefined)
  const shelf = await projectFrom('engines', 'shelf', 'shelf.example')
  await withServers(shelf)
  shelf.write(
    '.env.production',
    `REDIS_PASSWORD=of-the-cache-2026\nSQL_PASSWORD='of "the" sql\\2026 #1'\nMQ_PASSWORD=of-the-broker-2026\n`,
  )
  await zarpeOk(['deploy'], { folder: shelf.folder, server })
  return shelf
}

/** A verb of `zarpe backup`, as a user calls it. */
export const backup = (shelf: Project, argv: string[]) =>
  zarpe(['backup', ...argv], { folder: shelf.folder, server })

export const backupOk = (shelf: Project, argv: string[]) =>
  zarpeOk(['backup', ...argv], { folder: shelf.folder, server })

/** What a person reads of a verb. */
export const told = async (shelf: Project, argv: string[]): Promise<string> => {
  const { stdout, stderr } = await zarpe(['backup', ...argv], {
    folder: shelf.folder,
    server,
    json: false,
  })
  return stdout + stderr
}

/** Takes one backup of a kind of data, which must be proven, and returns its name. */
export const proven = async (shelf: Project, dataset: string): Promise<string> => {
  await backupOk(shelf, ['now', dataset])
  const { events } = await backupOk(shelf, ['list', '--dataset', dataset])
  const newest = events.findLast(({ type }) => type === 'backup')!
  if (newest['state'] !== 'proven') throw new Error(JSON.stringify(newest))
  return String(newest['id'])
}

/** What a constant script prints on the server; it ends at the first thing that fails. */
export const onServer = async (script: string): Promise<string> => {
  const { code, stdout, stderr } = await inside(server, ['sh', '-euc', script])
  if (code !== 0) throw new Error(`${script}: ${stderr}`)
  return stdout.trim()
}

/** The same in the running container of a service. */
export const inService = async (
  service: string,
  script: string,
  input?: string,
): Promise<string> => {
  const name = `name=${project}_${service}`
  const container = await onServer(`docker ps --quiet --filter ${name} | head -1`)
  const argv = ['docker', 'exec', '--interactive', container, 'sh', '-euc', script]
  const given = input === undefined ? {} : { input }
  const { code, stdout, stderr } = await inside(server, argv, given)
  if (code !== 0) throw new Error(`${script}: ${stderr}`)
  return stdout.trim()
}

/** Harms the server's own copy of a backup for as long as `act` takes. */
export const harmed = async (id: string, act: () => Promise<void>) => {
  const path = await onServer(`find /var/backups/zarpe/${project} -name ${id}.tar`)
  await onServer(
    `cp ${path} /root/whole && printf '\\377' | dd of=${path} bs=1 seek=1000 conv=notrunc`,
  )
  try {
    await act()
  } finally {
    await onServer(`mv /root/whole ${path}`)
  }
}
