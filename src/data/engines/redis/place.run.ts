import { Problem } from '../../../problem/problem.ts'
import type { RedisContents } from '../../held.ts'
import { volumeAt } from '../mounted.ts'
import type { LiveService } from '../service.run.ts'
import { parseConfig } from './info.ts'
import { ask, type RedisDoor } from './session.run.ts'

const asked = ['dir', 'dbfilename', 'appendonly', 'appendfilename', 'appenddirname']

/** Where a live server keeps its data, and in which files. */
export const keptBy = async (
  door: RedisDoor,
  { mounts }: LiveService,
): Promise<Pick<RedisContents, 'volume' | 'files'>> => {
  const config: Record<string, string> = {}
  for (const name of asked)
    Object.assign(config, parseConfig(await ask(door, ['CONFIG', 'GET', name])))
  const dir = (config['dir'] ?? '/data').replace(/\/+$/, '')
  return {
    volume: volumeAt(mounts, dir),
    files: {
      dump: config['dbfilename'] ?? 'dump.rdb',
      isAppending: config['appendonly'] === 'yes',
      append: config['appendfilename'] ?? 'appendonly.aof',
      appendFolder: config['appenddirname'] ?? 'appendonlydir',
    },
  }
}

/** The volume that a restore goes into. */
export const volumeOf = ({
  service,
  volume,
}: Pick<RedisContents, 'service' | 'volume'>): string => {
  if (volume !== null) return volume
  throw new Problem({
    code: 'data/no-volume',
    summary: 'This Redis keeps nothing that a restore could be put into.',
    detail: `The folder that "${service}" keeps its data in is no volume of its own; it is gone with each container.`,
    fix: ['Mount a volume there, such as cache:/data, then: zarpe deploy'],
  })
}
