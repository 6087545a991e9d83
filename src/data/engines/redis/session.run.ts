import type { DataContext } from '../../engine.ts'
import type { Expectation, RedisDataset } from '../../model.ts'
import { type Client, clientFailed, runClient, withClient } from '../client.run.ts'
import { passwordPath } from '../places.ts'
import { meets } from '../meets.ts'
import { type LiveService, liveService } from '../service.run.ts'
import { isRefusal, passwordIn, portIn } from './info.ts'

/** A container with redis-cli, and how it reaches the server. */
export type RedisDoor = { client: Client; argv: string[] }

/** The password is read where the program starts: it is in no argument, and in no description of a container. */
const withPassword = `REDISCLI_AUTH="$(cat ${passwordPath})" exec redis-cli "$@"`

/** redis-cli beside the live server, for as long as `act` takes. */
export const withLive = async <Result>(
  dataset: RedisDataset,
  context: DataContext,
  act: (door: RedisDoor, service: LiveService) => Promise<Result>,
): Promise<Result> => {
  const service = await liveService(context.project, dataset.service)
  const password = dataset.password ?? passwordIn(service.args)
  const { image, args } = service
  return withClient(context, { image, network: context.project, password }, (client) => {
    const start =
      password === null
        ? ['redis-cli']
        : ['sh', '-c', withPassword, 'redis-cli', '--no-auth-warning']
    return act({ client, argv: [...start, '-h', dataset.service, '-p', portIn(args)] }, service)
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
