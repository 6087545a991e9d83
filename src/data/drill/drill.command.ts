import type { Command } from 'commander'
import { absolute, writeDurable } from '../../io/host/files/durable.ts'
import { action, type Context } from '../../cli/context.ts'
import { confirm } from '../../cli/confirm.ts'
import { ownVerb, type VerbResult } from '../../cli/own-verb.ts'
import { Problem, type ProblemData, problemsOf } from '../../problem/problem.ts'
import { loadApp, loadConfig } from '../../app/app.load.ts'
import { chosenEnvironment } from '../../app/environment.ts'
import { projectName } from '../../release/names.ts'
import { withServer } from '../../release/session.command.ts'
import { drillLines, type DrillReport, drillMarkdown, silentText } from './drill.render.ts'
import { inspectDataMethod } from '../methods.ts'
import type { Backup, Configured } from '../model.ts'
import { configuredOf } from '../wanted/configured.ts'
import { newestIn, noStore, refuseElsewhere } from './drill-source.ts'
import { lookAtTarget } from './drill-target.load.ts'
import { drillQuestion, refuseLive } from './drill-target.ts'

const labName = 'drill'

type DrillOptions = { on?: string; from?: string; keep?: boolean; report?: string }

const help = `
Nothing of the product's own server is used but what its stores have. Every step is a verb that you would use yourself:
setup, deploy without routes, backup find, backup restore, status. Without --on a server of the lab is made and removed.
With it that server is looked at first: one on which the product is live is refused, and you are asked before anything is done there.

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
  const report: DrillReport = {
    project,
    store,
    startedAt: startedAt.toISOString(),
    recoveryMs: 0,
    datasets: [],
    steps: [],
    silent: null,
    failed: null,
  }
  const isLab = options.on === undefined
  let step = asking
  const act = async (name: string, argv: string[], lab = false): Promise<VerbResult> => {
    step = name
    context.terminal.say(`… ${name}`)
    const server = lab ? {} : { server: options.on ?? `deploy@${labName}` }
    const result = await ownVerb(context, argv, { ...server, isLab })
    if (result.code !== 0) throw stepFailed(name, result.problems)
    report.steps.push({ name, ms: result.ms })
    return result
  }
  let askedMs = 0
  let isMade = false
  let thrown: unknown = null
  try {
    const configured = await configuredHere(context)
    refuseElsewhere(configured)
    const live = await askLive(context)
    if ('silent' in live) {
      report.silent = live.silent
      context.terminal.say(`… ${silentText(live.silent, store)}`)
    } else report.datasets = newestIn(configured, live.backups, store, live.now)
    if (options.on !== undefined) {
      step = looking
      const target = await lookAtTarget(context, options.on).catch(rethrowAt(looking))
      refuseLive(target)
      const askedAt = Date.now()
      await confirm(context, drillQuestion(target, store))
      askedMs = Date.now() - askedAt
    }
    isMade = isLab
    if (isLab) await act('a new server, set up', ['lab', 'up', labName, '--ready'], true)
    await act('the product, without routes', ['deploy', '--no-routes'])
    await act(`what ${store} has`, ['backup', 'find', store])
    if (report.silent) {
      const { events } = await act('what was found there is listed', ['backup', 'list'])
      step = 'the newest of each is chosen'
      const found = events.filter(({ type }) => type === 'backup') as unknown as Backup[]
      report.datasets = newestIn(configured, found, store, report.startedAt)
    }
    for (const { dataset, backup, kind } of report.datasets)
      await (kind === 'configuration' || kind === 'cluster'
        ? act(`${dataset} compared`, ['backup', 'verify', backup, '--from', store])
        : act(`${dataset} restored and compared`, ['backup', 'restore', backup, '--from', store]))
    await act('the data is as expected', ['backup', 'expect'])
    await act('every service is as wanted', ['status'])
  } catch (error) {
    const [problem] = problemsOf(error)
    if (!problem || unbegun.has(problem.code)) throw error
    report.failed = { step, problem }
    thrown = error
  } finally {
    report.recoveryMs = Date.now() - startedAt.getTime() - askedMs
    if (isMade && !options.keep) await ownVerb(context, ['lab', 'down', labName], { isLab })
  }
  return { report, thrown }
}

const asking = 'the server is asked what was backed up last'
const looking = 'the server of the drill is looked at'

/** Answers after which there was no drill, and so none of which a report could say that it failed. */
const unbegun = new Set(['data/drill-live', 'cli/needs-yes', 'cli/declined'])

/** What the drill is of, from zarpe.yml alone: the report has it, whatever cannot be reached. */
const namesOf = async (context: Context, { from }: DrillOptions) => {
  const { config } = await loadConfig(context.folder)
  const environment = chosenEnvironment(config, context.options.env)
  const store = from ?? Object.keys(config.stores)[0]
  if (store === undefined) throw noStore()
  return { project: projectName(config.app, environment), store }
}

const configuredHere = async (context: Context): Promise<Configured> => {
  const { app } = await loadApp(context.folder, context.options.env)
  if (!app.data) throw noStore()
  return configuredOf(app.data)
}

type Live = { backups: Backup[]; now: string } | { silent: ProblemData }

/** A server that is off, or no longer what it was. One that refuses this login is there, and can be asked. */
const gone = new Set([
  ...['ssh/unreachable', 'ssh/refused', 'ssh/turned-away', 'ssh/name-unknown', 'ssh/no-greeting'],
  ...['ssh/failed', 'ssh/lost', 'server/not-set-up', 'server/agent-broken'],
])

/** Which copies are proven only the product's own server knows. Without it, the newest that a store has is taken. */
const askLive = async (context: Context): Promise<Live> => {
  let live: Live = { silent: knowsNothing }
  const ask = withServer(context, async ({ connection, project }) => {
    const { configured, backups, now } = await connection.wire.call(inspectDataMethod, { project })
    if (configured) live = { backups, now }
  })
  await ask.catch((thrown: unknown) => {
    const [problem] = problemsOf(thrown)
    if (!problem || !gone.has(problem.code)) throw thrown
    live = { silent: problem }
  })
  return live
}

const knowsNothing: ProblemData = {
  code: 'data/not-configured',
  summary: 'It knows of no data of this product.',
  detail: 'The product was not deployed to it.',
  fix: ['zarpe deploy'],
}

/** What stood against a step that is no verb of its own, told as a verb's would be. */
const rethrowAt = (name: string) => (thrown: unknown) => {
  const problems = problemsOf(thrown)
  throw problems.length > 0 ? stepFailed(name, problems) : thrown
}

const stepFailed = (name: string, problems: ProblemData[]) =>
  new Problem({
    ...(problems[0] ?? { code: 'data/drill', summary: '', fix: [] }),
    code: 'data/drill-failed',
    summary: 'The drill failed: the product would not have come back.',
    detail: `At "${name}": ${problems[0] ? `${problems[0].summary} ${problems[0].detail}` : 'it said nothing'}`,
  })
