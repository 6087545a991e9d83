import { randomBytes } from 'node:crypto'
import { removePath, within } from '../../../io/host/files/durable.ts'
import { makeFolder, writeFileWhole } from '../../../io/host/files/files.ts'
import type { DataContext } from '../../engine.ts'
import type { RabbitmqContents } from '../../held.ts'
import { withClient } from '../client.run.ts'
import { awaitServing, startingWithin } from '../serving.run.ts'
import { exported, importInto, runIn } from './broker.run.ts'
import { type Definition, isOf } from './definitions.ts'
import { pluginsTerm } from './plugins.ts'

const dataFolder = '/var/lib/rabbitmq'
const pluginsPath = '/run/zarpe-plugins'
const starting = startingWithin(5 * 60_000, 1_000)

type Served = Pick<RabbitmqContents, 'image' | 'plugins'>

/**
 * What a throw-away broker of the data's own image has once it has taken in these definitions, without the user and
 * the virtual host that each must begin with. It has no network, an empty folder, and the plugins of the live one.
 */
export const importedElsewhere = async (
  { image, plugins }: Served,
  text: string,
  context: DataContext,
): Promise<Definition[]> => {
  const [folder, enabled] = ['scratch', 'plugins'].map((name) => within(context.folder, name))
  // What was unpacked may hold links of these names, which would lead out of the work folder.
  for (const path of [folder!, enabled!]) await removePath(path)
  await makeFolder(folder!, { mode: 0o777 })
  await writeFileWhole(enabled!, pluginsTerm(plugins), { mode: 0o644 })
  const own = `zarpe-${randomBytes(9).toString('hex')}`
  return withClient(
    context,
    {
      image,
      network: 'none',
      password: null,
      args: ['rabbitmq-server'],
      env: [
        // Without a network the name of the container leads nowhere.
        'RABBITMQ_NODENAME=rabbit@localhost',
        `RABBITMQ_ENABLED_PLUGINS_FILE=${pluginsPath}`,
        ...['USER', 'PASS', 'VHOST'].map((name) => `RABBITMQ_DEFAULT_${name}=${own}`),
      ],
      mounts: [
        { Type: 'bind', Source: folder!, Target: dataFolder },
        { Type: 'bind', Source: enabled!, Target: pluginsPath, ReadOnly: true },
      ],
    },
    async (broker) => {
      const isServing = () => runIn(broker, ['sh', '-c', startedScript]).then(() => true)
      await awaitServing(broker, isServing, starting)
      context.note('a throw-away broker has started; it takes the definitions in')
      await importInto(broker, text)
      const { definitions } = await exported(broker)
      return definitions.kept.filter((each) => !isOf(each, own))
    },
  )
}

/** A program that came before the server would make the cookie that both share, and make it its own. */
const startedScript = `test -s "${dataFolder}/.erlang.cookie" && exec rabbitmqctl --quiet await_startup`
