import type { DataContext } from '../../engine.ts'
import type { ClusterContents } from '../../held.ts'
import type { ClusterDataset } from '../../model.ts'
import { mountCovering } from '../../wal/mounts.ts'
import { runClient, withClient } from '../client.run.ts'
import { liveService } from '../service.run.ts'
import { refuseOther } from '../volume/place.run.ts'
import { otherServer } from './problems.ts'

/** Where the official image keeps its data, if nothing says so. */
const usualFolder = '/var/lib/postgresql/data'

/**
 * A service that would not begin on the data folder of a base backup is refused, by what its image and its spec say: it need
 * not run, for a restore may be what brings it back.
 */
export const refuseOtherServer = async (
  { service: name }: ClusterDataset,
  held: ClusterContents,
  context: DataContext,
): Promise<void> => {
  const { image, env, mounts } = await liveService(context, name)
  const told = await withClient(context, { image, network: 'none', password: null }, (client) =>
    runClient(client, ['sh', '-c', 'postgres --version; echo "${PGDATA:-}"']),
  )
  const [version = '', pgdata = ''] = told.split('\n')
  const major = Number(/\b(\d+)(\.|\w|$)/.exec(version)?.[1] ?? 0)
  const then = Math.floor(held.version / 10_000)
  if (major !== then)
    throw otherServer(name, `it was of version ${then}, and is of ${major || 'none that is known'}`)
  const folder = env['PGDATA'] || pgdata.trim() || usualFolder
  const place = mountCovering(mounts, folder)
  refuseOther(held.volume, place?.volume ?? 'none')
  if (place?.below !== held.below)
    throw otherServer(
      name,
      `its data was at "${held.below}" in the volume, and is at "${place?.below}"`,
    )
}
