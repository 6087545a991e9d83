import type { Command } from 'commander'
import { action, type Context } from '../../cli/context.ts'
import { exitCodes } from '../../cli/exit.ts'
import {
  type Arriving,
  arrivingFile,
  arrivingOutput,
  refuseTaken,
} from '../../io/host/files/arriving.ts'
import { absolute } from '../../io/host/files/durable.ts'
import { takeFlow } from '../../io/wire/flow.ts'
import { isLost, lostProblem } from '../../io/wire/lost.ts'
import { plainText } from '../../problem/plain.ts'
import { Problem } from '../../problem/problem.ts'
import { nearestStore } from '../backup/chain.ts'
import { extractForm, type ExtractOptions, misused, splitWords } from './extraction.ts'
import { lentKeys } from '../backup/key.command.ts'
import {
  extractFlow,
  extractMethod,
  extractNote,
  type ExtractParams,
  type ExtractResult,
} from '../methods.ts'
import { bytesText, plural } from '../catalogue/render.ts'
import { chosenBackup } from '../restore/restore.plan.ts'
import { type DataSession, withDataSession } from '../session.command.ts'

const help = `
Nothing is changed, on the server or in the live data. The copy is checked, what is wanted of it is restored somewhere
throw-away and compared with the manifest, and only then does it come here, in a file that is yours alone (mode 0600).

Tables come as SQL that psql takes in as it stands, all of it or nothing: definitions, rows, indexes, rights. (Those of MariaDB
and MySQL are taken in by mariadb or mysql, which end at a table that is there.) They are named as \`zarpe backup show\`
prints them. Files are named by their path in the volume; one comes as it is, a folder as a tar.

Examples:
  zarpe backup extract public.orders --to orders.sql               # the newest proven backup
  zarpe backup extract main-20260131T030000Z orders --csv --to orders.csv
  zarpe backup extract orders --beside rescued --to orders.sql     # to stand beside the live table
  zarpe exec db -- psql -U shop < orders.sql
  zarpe backup extract photos/a.jpg --dataset uploads --to a.jpg
  zarpe backup extract . --dataset configuration --to configuration.tar
  zarpe backup extract photos --dataset uploads --to - | tar -tf -`

/** `zarpe backup extract [backup] <what...>`. */
export const addExtract = (backup: Command) => {
  backup
    .command('extract')
    .argument('[backup]', 'its name (default: the newest that is proven)')
    .argument('[what...]', 'tables, or paths in the volume')
    .usage('[options] --to <file> [backup] <what...>')
    .requiredOption('--to <file>', 'a new file here; - for the program’s own output')
    .option('--from <store>', 'use the copy of this store')
    .option('--dataset <name>', 'the newest of this data')
    .option('--csv', 'the rows of one table as CSV')
    .option('--beside <schema>', 'tables in this schema or database, beside the live ones')
    .option('--tar', 'a single file as a tar too, with its owner and rights')
    .description('take tables or files out of a backup, and change nothing')
    .addHelpText('after', help)
    .action(
      action(
        async (context, first: string | undefined, others: string[], options: ExtractOptions) => {
          const started = Date.now()
          const path = options.to === '-' ? null : absolute(options.to)
          if (path === null && context.terminal.json) throw twoOutputs()
          if (path !== null) await refuseTaken(path)
          await withDataSession(context, async (session) => {
            const { connection, observed, project } = session
            const { id, what } = splitWords(first === undefined ? [] : [first, ...others])
            const found = chosenBackup(observed, id, options.dataset)
            const form = extractForm(found.kind, found.id, what, options)
            const from = options.from ?? nearestStore(observed.backups, found)
            const keys = await lentKeys(connection, observed.backups, found, from)
            const params = { project, id: found.id, what, form, from, ...(keys ? { keys } : {}) }
            // What was read of it is not whole.
            if (path === null) context.terminal.whenUnread(() => process.exit(exitCodes.unread))
            const arriving = path === null ? arrivingOutput() : arrivingFile(path)
            const result = await receive(context, session, params, arriving)
            tell(context, params, result, options.to, Date.now() - started)
          })
        },
      ),
    )
}

/** Takes what the server sends; it is kept only if all of it came. */
const receive = async (
  { terminal }: Context,
  { connection }: DataSession,
  params: ExtractParams,
  arriving: Arriving,
): Promise<ExtractResult> => {
  const { wire } = connection
  const abort = new AbortController()
  let unwritten: unknown = null
  let [came, all] = [0, 0]
  wire.onNotice(extractNote, (note) => {
    if ('bytes' in note) all = note.bytes
    else {
      terminal.emit({ type: 'note', text: note.text })
      terminal.draw(`  … ${note.text}`)
    }
  })
  takeFlow(wire, extractFlow, (part) => {
    if (unwritten !== null) return
    try {
      arriving.take(part)
    } catch (error) {
      // Nobody catches what is thrown here; the call ends with it.
      unwritten = error
      abort.abort()
    }
    came += part.length
    terminal.draw(`  … ${bytesText(came)} of ${bytesText(all)}`)
  })
  try {
    const result = await wire.call(extractMethod, params, abort.signal)
    if (unwritten !== null) throw unwritten
    const { bytes, sha256 } = arriving.so()
    if (bytes !== result.bytes || sha256 !== result.sha256) throw notWhole(bytes, result.bytes)
    arriving.keep()
    return result
  } catch (error) {
    throw unwritten ?? lost(error)
  } finally {
    arriving.drop()
  }
}

const tell = (
  { terminal }: Context,
  { id, from }: ExtractParams,
  { bytes, sha256, holds }: ExtractResult,
  to: string,
  ms: number,
) => {
  terminal.emit({
    type: 'result',
    outcome: 'extracted',
    backup: id,
    from,
    to,
    bytes,
    sha256,
    holds,
    ms,
  })
  for (const { what, count, unit } of holds)
    terminal.say(`  ${plainText(what)}: ${plural(count, unit)}, as the manifest says`)
  const where = to === '-' ? '' : ` → ${to}`
  terminal.say(
    `${terminal.good('✓')} ${bytesText(bytes)} of ${id} from ${from}${where} ${terminal.dim(`${(ms / 1000).toFixed(1)} s`)}`,
  )
}

const twoOutputs = () =>
  misused('With --json the program’s own output is events alone.', ['Name a file: --to orders.sql'])

/** A cut connection ends the work on the server too. */
const lost = (error: unknown) =>
  isLost(error)
    ? lostProblem(error, {
        detail: 'Nothing of what had come was kept, and nothing stays on the server.',
        fix: ['Run the same command again.'],
      })
    : error

const notWhole = (came: number, sent: number) =>
  new Problem({
    code: 'data/cut-on-the-way',
    summary: 'Not all of it arrived; nothing was kept.',
    detail: `${came} bytes came of ${sent}, or others than were sent.`,
    fix: ['Run the same command again.'],
  })
