import { commandIn } from '../../../io/engine/command.ts'
import { utf8 } from '../../../io/host/files/utf8.ts'
import { Problem } from '../../../problem/problem.ts'
import type { DataContext } from '../../engine.ts'
import type { RabbitmqDataset } from '../../model.ts'
import { type Client, clientFailed } from '../client.run.ts'
import { liveContainer } from '../containers.run.ts'
import { type LiveService, liveService } from '../service.run.ts'
import { withoutUndefined } from './canonical.ts'
import { type Definitions, parseDefinitions } from './definitions.ts'
import { pluginsIn } from './plugins.ts'
import { withoutSecrets } from './said.ts'

/** A container in which a broker runs, and with it the programs that speak to it. */
export type Broker = Client

/** The broker that serves the app. Its own programs know it by the cookie that they share. */
export const liveBroker = async (
  { service: name }: RabbitmqDataset,
  context: DataContext,
): Promise<{ broker: Broker; service: LiveService }> => {
  const service = await liveService(context, name)
  const container = await liveContainer(context.engine, service.swarmService, name)
  return { broker: { context, container }, service }
}

/** Without this Erlang would write other bytes than it has. */
const env = ['LC_ALL=C.UTF-8', 'LANG=C.UTF-8']

/** Most that definitions may be: they are held in memory. */
export const bytesMax = 64 * 1024 * 1024

/** Runs one of the broker's programs as its container does. A failure is told without anything secret. */
export const runIn = async (
  { context, container }: Broker,
  argv: string[],
  options: { name?: string; input?: string } = {},
): Promise<string> => {
  const { engine, signal } = context
  const { name = argv.slice(0, 2).join(' '), ...more } = options
  const pieces: Buffer[] = []
  let bytes = 0
  const onOutput = (data: Buffer) => {
    if ((bytes += data.length) > bytesMax) throw tooMuch(name)
    pieces.push(Buffer.from(data))
  }
  const ended = await commandIn(engine, container, { argv, env, signal, onOutput, ...more })
  const text = utf8(Buffer.concat(pieces))
  if (ended.code === 0 && text !== null) return text
  throw clientFailed(name, ended.code, withoutSecrets(ended.stderr || (text ?? 'no UTF-8')))
}

/** Everything that a broker is told, as it writes it, and read. */
export const exported = async (
  broker: Broker,
): Promise<{ text: string; definitions: Definitions }> => {
  const text = await runIn(broker, ['rabbitmqctl', 'export_definitions', '-'])
  const definitions = parseDefinitions(text)
  if (definitions) return { text, definitions }
  throw clientFailed('rabbitmqctl export_definitions', 0, 'what it printed are no definitions')
}

/** The program reads a file alone; this one is in memory, of whoever the container runs as, and goes with the script. */
const importScript = `set -e
umask 077
folder=$(mktemp -d -p /dev/shm)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/definitions.json"
rabbitmqctl import_definitions "$folder/definitions.json"`

/** Lets a broker take in definitions. What it has and they lack stays. */
export const importInto = async (broker: Broker, text: string): Promise<void> => {
  const options = { name: 'rabbitmqctl import_definitions', input: withoutUndefined(text) }
  await runIn(broker, ['sh', '-c', importScript], options)
}

/** Where a broker keeps the list of what is turned on; without the file nothing is. */
const pluginsScript =
  'cat "${RABBITMQ_ENABLED_PLUGINS_FILE:-/etc/rabbitmq/enabled_plugins}" 2> /dev/null || true'

/** Plugins that somebody has turned on: kinds of exchanges and parameters come from them. */
export const pluginsOf = async (broker: Broker): Promise<string[]> =>
  pluginsIn(await runIn(broker, ['sh', '-c', pluginsScript], { name: 'cat enabled_plugins' }))

const tooMuch = (name: string) =>
  new Problem({
    code: 'data/program-failed',
    summary: 'A program of the database failed.',
    detail: `\`${name}\` printed more than ${bytesMax / 1024 / 1024} MiB.`,
    fix: [],
  })
