import type { Command } from 'commander'
import { absolute, writeDurable } from '../../io/host/durable.ts'
import { action, type Context } from '../../cli/context.ts'
import { ownVerb } from '../../cli/own-verb.ts'
import { Problem, type ProblemData, problemsOf } from '../../problem/problem.ts'
import { loadConfig } from '../../app/app.load.ts'
import { chosenEnvironment } from '../../app/environment.ts'
import { projectName } from '../../release/names.ts'
import { withServer } from '../../release/session.command.ts'
import { drillLines, type DrillReport, drillMarkdown } from './drill.render.ts'
import { inspectDataMethod } from '../methods.ts'
import { takenAtOf } from '../catalogue/backup-name.ts'
import { refuseElsewhere } from './drill-source.ts'
import { newestToRestore } from '../catalogue/newest.ts'
import { storesWith } from '../backup/chain.ts'

const labName = 'drill'

type DrillOptions = { on?: string; from?: string; keep?: boolean; report?: string }

const help = `
Nothing of the product's own server is used but what its stores have. Every step is a verb that you would use yourself:
setup, deploy without routes, backup find, backup restore, status. Without --on a server of the lab is made and removed.

Examples:
  zarpe backup drill
  zarpe backup drill --from storagebox --report drill.md
  zarpe backup drill --on deploy@spare.example`

/** `zarpe backup drill`: a new server, the newest backups, the product on them, and how long that took. */
export const addDrill = (backup: Command) => {
  backup
    .command('drill')
    .option('--on <target>', 'a server that is set up and holds nothing of this product')
    .option('--from <store>', 'the store to restore from (default: the first of zarpe.yml)')
    .option('--keep', 'leave the server of the lab there afterwards')
    .option('--report <file>', 'write the report there, as Markdown, also of a drill that failed')
    .description('restore everything from a store alone, on another server, and take the time')
    .addHelpText('after', help)
    .action(
      action(async (context, options: DrillOptions) => {
        const { report, thrown } = await drill(context, options)
        const { terminal } = context
        terminal.emit({ type: 'drill', ...report })
        for (const line of drillLines(report)) terminal.print(line)
        if (options.report)
          await writeDurable(absolute(options.report), drillMarkdown(report), 0o644)
        if (report.failed) throw thrown
        terminal.emit({ type: 'result', outcome: 'drilled' })
      }),
    )
}

/** A drill that fails is one to be kept: the report is there in any case, beside what was thrown. */
const drill = async (
  context: Context,
  options: DrillOptions,
): Promise<{ report: DrillReport; thrown: unknown }> => {
  const startedAt = new Date()
  const { project, store } = await namesOf(context, options)
  const steps: DrillReport['steps'] = []
  const ended = (failed: DrillReport['failed'], datasets: DrillReport['datasets']): DrillReport => {
    const ms = Date.now() - startedAt.getTime()
    return {
      project,
      store,
      startedAt: startedAt.toISOString(),
      recoveryMs: ms,
      datasets,
      steps,
      failed,
    }
  }
  let step = asking
  let datasets: DrillReport['datasets'] = []
  const act = async (name: string, argv: string[], lab = false): Promise<void> => {
    step = name
    context.terminal.say(`… ${name}`)
    const server = lab ? {} : { server: options.on ?? `deploy@${labName}` }
    const { code, problems, ms } = await ownVerb(context, argv, server)
    if (code !== 0) throw stepFailed(name, problems)
    steps.push({ name, ms })
  }
  const isLab = options.on === undefined
  let isMade = false
  try {
    datasets = await newestOfAll(context, store)
    isMade = isLab
    if (isLab) await act('a new server, set up', ['lab', 'up', labName, '--ready'], true)
    await act('the product, without routes', ['deploy', '--no-routes'])
    await act(`what ${store} has`, ['backup', 'find', store])
    for (const { dataset, backup, kind } of datasets)
      await (kind === 'configuration' || kind === 'cluster'
        ? act(`${dataset} compared`, ['backup', 'verify', backup, '--from', store])
        : act(`${dataset} restored and compared`, ['backup', 'restore', backup, '--from', store]))
    await act('the data is as expected', ['backup', 'expect'])
    await act('every service is as wanted', ['status'])
    return { report: ended(null, datasets), thrown: null }
  } catch (thrown) {
    const [problem] = problemsOf(thrown)
    if (!problem) throw thrown
    return { report: ended({ step, problem }, datasets), thrown }
  } finally {
    if (isMade && !options.keep) await ownVerb(context, ['lab', 'down', labName], {})
  }
}

const asking = 'the server is asked what was backed up last'

/** What the drill is of, from zarpe.yml alone: the report has it, whatever cannot be reached. */
const namesOf = async (context: Context, { from }: DrillOptions) => {
  const { config } = await loadConfig(context.folder)
  const environment = chosenEnvironment(config, context.options.env)
  const store = from ?? Object.keys(config.stores)[0]
  if (store === undefined) throw noStore()
  return { project: projectName(config.app, environment), store }
}

/** The backup of each dataset that a restore would take of those in the store. */
const newestOfAll = async (context: Context, store: string): Promise<DrillReport['datasets']> => {
  let found: DrillReport['datasets'] = []
  const ask = withServer(context, async ({ connection, project }) => {
    const observed = await connection.wire.call(inspectDataMethod, { project })
    if (!observed.configured) throw noStore()
    refuseElsewhere(observed.configured)
    found = observed.configured.datasets.map(({ name, kind }) => {
      const newest = newestToRestore(
        observed.backups,
        observed.backups.filter(
          (each) => each.dataset === name && storesWith(observed.backups, each).includes(store),
        ),
      )
      if (!newest) throw nothingStored(name, store)
      const ageMs = Date.parse(observed.now) - Date.parse(takenAtOf(newest.id))
      return { dataset: name, kind, backup: newest.id, ageMs }
    })
  })
  await ask.catch((thrown: unknown) => {
    const [problem] = problemsOf(thrown)
    throw problem?.code.startsWith('ssh/') ? noAnswer(problem, store) : thrown
  })
  return found
}

const noStore = () =>
  new Problem({
    code: 'config/no-store',
    summary: 'There is no store to restore from.',
    detail:
      'Copies on the server itself are lost with it; zarpe.yml names no other place for them.',
    fix: ['Add one under `stores` (docs/guide/stores.md), then: zarpe deploy', 'zarpe backup now'],
  })

const nothingStored = (dataset: string, store: string) =>
  new Problem({
    code: 'data/nothing-stored',
    summary: 'There is no backup to restore.',
    detail: `"${store}" has no backup of "${dataset}" that the server knows of.`,
    fix: ['zarpe backup now', `zarpe backup find ${store}`],
  })

/** Which of the copies are proven, only that server knows; without it there is no drill but the real thing. */
const noAnswer = ({ summary, detail }: ProblemData, store: string) =>
  new Problem({
    code: 'data/drill-failed',
    summary: 'The drill could not begin.',
    detail: `At "${asking}": ${summary} ${detail}`,
    fix: [
      'If the server is lost, this is the way back, on a new one named in zarpe.yml:',
      'zarpe setup',
      'zarpe deploy',
      `zarpe backup find ${store}`,
      'zarpe backup restore',
    ],
  })

const stepFailed = (name: string, problems: ProblemData[]) =>
  new Problem({
    ...(problems[0] ?? { code: 'data/drill', summary: '', fix: [] }),
    code: 'data/drill-failed',
    summary: 'The drill failed: the product would not have come back.',
    detail: `At "${name}": ${problems[0] ? `${problems[0].summary} ${problems[0].detail}` : 'it said nothing'}`,
  })
