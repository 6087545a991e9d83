import { commandIn } from '../../io/engine/command.ts'
import type { Engine } from '../../io/engine/engine.ts'
import { liveContainer } from './containers.run.ts'
import type { LiveService } from './service.run.ts'

/**
 * The variables of a service, with those that its image reads from a file by the name of `<variable>_FILE`: each is read
 * where it is, in the container that has the file.
 */
export const variablesOf = async (
  { env, swarmService, service }: Pick<LiveService, 'env' | 'swarmService' | 'service'>,
  names: string[],
  engine: Engine,
): Promise<Record<string, string>> => {
  const values = { ...env }
  for (const name of names) {
    const path = env[`${name}_FILE`]
    if (!path) continue
    const container = await liveContainer(engine, swarmService, service)
    const { stdout, code } = await commandIn(engine, container, { argv: ['cat', '--', path] })
    if (code === 0) values[name] = stdout.replace(/\n$/, '')
  }
  return values
}
