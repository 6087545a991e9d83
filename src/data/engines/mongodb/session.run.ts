import { within, writeDurable } from '../../../io/host/files/durable.ts'
import type { DataContext } from '../../engine.ts'
import type { Expectation, MongodbDataset } from '../../model.ts'
import { type Client, clientFailed, runClient, withClient } from '../client.run.ts'
import { type LiveService, liveService } from '../service.run.ts'
import { variablesOf } from '../variables.run.ts'
import {
  loginVariables,
  passwordFile,
  portIn,
  rootLogin,
  shellArgv,
  type Where,
} from './connection.ts'
import { collectionIn, unmetIn } from './expect.ts'
import { answerMark, asked, type Question, script } from './questions.ts'

/** A container with the programs of MongoDB, and how they reach a server. */
export type MongodbDoor = { client: Client; where: Where }

const scriptName = 'questions.js'

/** The programs beside the live server, for as long as `act` takes. */
export const withLive = async <Result>(
  dataset: MongodbDataset,
  context: DataContext,
  act: (door: MongodbDoor, service: LiveService) => Promise<Result>,
): Promise<Result> => {
  const service = await liveService(context, dataset.service)
  const login = rootLogin(await variablesOf(service, loginVariables, context.engine))
  const password = login && passwordFile(login.password)
  const where = {
    host: dataset.service,
    port: portIn(service.args),
    user: login?.user ?? null,
  }
  const options = { image: service.image, network: context.project, password }
  return withClient(context, options, (client) => act({ client, where }, service))
}

/** What the server answers; whatever it cannot is a `Problem` with the shell's words. */
export const ask = async <Answer>(
  { client, where }: MongodbDoor,
  question: Question,
): Promise<Answer> => {
  await writeDurable(within(client.context.folder, scriptName), script, 0o644)
  const printed = await runClient(client, shellArgv(scriptName), { env: [asked(where, question)] })
  const line = printed.split('\n').findLast((each) => each.startsWith(answerMark))
  if (line === undefined) throw clientFailed('mongosh', 0, printed)
  return JSON.parse(line.slice(answerMark.length)) as Answer
}

/** How many documents collections have, each where it is asked for. */
export const countsOf = (
  door: MongodbDoor,
  collections: { database: string; name: string }[],
): Promise<(number | null)[]> => ask(door, { ask: 'counts', collections })

/** What the user expects of the data and is not so, one line each. */
export const unmet = async (door: MongodbDoor, expect: Expectation[]): Promise<string[]> => {
  if (expect.length === 0) return []
  const collections = expect.map(({ query }) => collectionIn(query) ?? { database: '', name: '' })
  return unmetIn(expect, await countsOf(door, collections))
}
