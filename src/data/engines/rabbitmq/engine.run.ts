import { within, writeDurable } from '../../../io/host/files/durable.ts'
import type { DataContext, DataEngine } from '../../engine.ts'
import type { RabbitmqContents } from '../../held.ts'
import type { Expectation, RabbitmqDataset } from '../../model.ts'
import { wholeNames } from '../volume/whole.run.ts'
import { exported, liveBroker, pluginsOf } from './broker.run.ts'
import { countsOf } from './definitions.ts'
import { unmetIn } from './expect.ts'
import { isKept, removeKept } from './place.run.ts'
import { definitionsName, load, proveCopy, swap, weigh } from './restore.run.ts'

const take = async (dataset: RabbitmqDataset, context: DataContext): Promise<RabbitmqContents> => {
  const { broker, service } = await liveBroker(dataset, context)
  const plugins = await pluginsOf(broker)
  const { text, definitions } = await exported(broker)
  await writeDurable(within(context.folder, definitionsName), text)
  return {
    kind: 'rabbitmq',
    service: dataset.service,
    version: definitions.version,
    image: service.image,
    plugins,
    definitions: countsOf(definitions.kept),
    leftOut: definitions.leftOut,
  }
}

const prove = async (
  held: RabbitmqContents,
  expectations: Expectation[],
  context: DataContext,
): Promise<string[]> => {
  const { differences, definitions } = await proveCopy(held, held, context)
  return differences.length > 0 ? differences : unmetIn(definitions, expectations)
}

const expect = async (
  dataset: RabbitmqDataset,
  expectations: Expectation[],
  context: DataContext,
): Promise<string[]> => {
  const { broker } = await liveBroker(dataset, context)
  return unmetIn((await exported(broker)).definitions.kept, expectations)
}

/**
 * What a RabbitMQ of the app is told: users, virtual hosts, rights, queues and how they are bound. Never a message.
 * Nothing can be put in the place of a broker that runs: it takes definitions in, and keeps what they lack.
 */
export const rabbitmq: DataEngine<RabbitmqDataset, RabbitmqContents> = {
  take,
  prove,
  load,
  swap,
  there: (_dataset, name, { project }) => isKept(project, name),
  discard: (_dataset, name, { project }) => removeKept(project, name),
  weighsBy: [definitionsName],
  weigh,
  expect,
  extract: null,
  names: ({ service }, at) => wholeNames(service, at),
  summary: ({ definitions }) => ({
    units: definitions.find(({ kind }) => kind === 'queues')?.count ?? 0,
    unit: 'queue',
    rows: definitions.reduce((sum, { count }) => sum + count, 0),
    row: 'definition',
  }),
}
