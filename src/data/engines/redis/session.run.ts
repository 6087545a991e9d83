import type { DataContext } from '../../engine.ts'
import type { Expectation, RedisDataset } from '../../model.ts'
import { type Client, clientFailed, runClient, withClient } from '../client.run.ts'
import { passwordPath } from '../places.ts'
import { meets } from '../meets.ts'
import { type LiveService, liveService } from '../service.run.ts'
import { isRefusal, passwordIn, portIn } from './info.ts'

/** A container with redis-cli, and how it reaches the server. */
export type RedisDoor = { client: Client; argv: string[] }

/** Valkey has given its programs names of its own; those of Redis its image has too, or not. */
export const named = (program: 'cli' | 'server') =>
  `if command -v valkey-${program} > /dev/null; then set -- valkey-${program} "$@"; else set -- redis-${program} "$@"; fi`

export const client = ['sh', '-c', `${named('cli')}; exec "$@"`, 'client']

/** The password is read where the program starts: it is in no argument, and in no description of a container. */
const withPassword = `export REDISCLI_AUTH="$(cat ${passwordPath})"; export VALKEYCLI_AUTH="$REDISCLI_AUTH"; ${named('cli')}; exec "$@"`

/** Where a live server is, for another one that is to follow it. */
export type Followed = { host: string; port: string; password: string | null }

/** redis-cli beside the live server, for as long as `act` takes. */
export const withLive = async <Result>(
  dataset: RedisDataset,
  context: DataContext,
  act: (door: RedisDoor, service: LiveService, followed: Followed) => Promise<Result>,
): Promise<Result> => {
  const service = await liveService(context, dataset.service)
  const password = dataset.password ?? passwordIn(service.args)
  const { image, args } = service
  return withClient(context, { image, network: context.project, password }, (container) => {
    const start =
      password === null ? client : ['sh', '-c', withPassword, 'client', '--no-auth-warning']
    const [host, port] = [dataset.service, portIn(args)]
    const argv = [...start, '-h', host, '-p', port]
    return act({ client: container, argv }, service, { host, port, password })
  })
}

/** What the server answers to one command; a refusal is a `Problem` with its words. */
export const ask = async ({ client, argv }: RedisDoor, command: string[]): Promise<string> => {
  const answer = await runClient(client, [...argv, ...command], { name: 'redis-cli' })
  if (isRefusal(answer)) throw clientFailed(`redis-cli ${command[0]}`, 1, answer)
  return answer
}

/** What the user expects and is not so: of a database its number of keys, else a command and its answer. */
export const unmet = async (door: RedisDoor, expect: Expectation[]): Promise<string[]> => {
  const lines: string[] = []
  for (const { what, query, is } of expect) {
    const number = /^db(\d+)$/.exec(query)?.[1]
    const command = number === undefined ? query.split(/\s+/) : ['-n', number, 'DBSIZE']
    const answer = (await ask(door, command)).trim()
    if (!meets(answer, is)) lines.push(`expected of ${what}: ${is}; found: ${answer}`)
  }
  return lines
}
