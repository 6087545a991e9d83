import type { Command } from 'commander'
import { absolute, writeDurable } from '../../io/host/durable.ts'
import { action, type Context } from '../../cli/context.ts'
import { ownVerb, type VerbResult } from '../../cli/own-verb.ts'
import { Problem, type ProblemData } from '../../problem/problem.ts'
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
    .option('--report <file>', 'write the report there, as Markdown')
    .description('restore everything from a store alone, on another server, and take the time')
    .addHelpText('after', help)
    .action(
      action(async (context, options: DrillOptions) => {
        const report = await drill(context, options)
        const { terminal } = context
        terminal.emit({ type: 'drill', ...report })
        for (const line of drillLines(report)) terminal.print(line)
        if (options.report)
          await writeDurable(absolute(options.report), drillMarkdown(report), 0o644)
        terminal.emit({ type: 'result', outcome: 'drilled' })
      }),
    )
}

const drill = async (context: Context, options: DrillOptions): Promise<DrillReport> => {
  const startedAt = new Date()
  const { project, store, datasets } = await newestOfAll(context, options)
  const steps: DrillReport['steps'] = []
  const act = async (name: string, argv: string[], lab = false): Promise<VerbResult> => {
    context.terminal.say(`… ${name}`)
    const result = await ownVerb(
      context,
      argv,
      lab ? {} : { server: options.on ?? `deploy@${labName}` },
    )
    if (result.code !== 0) throw stepFailed(name, result.problems)
    steps.push({ name, ms: result.ms })
    return result
  }
  const isLab = options.on === undefined
  try {
    if (isLab) await act('a new server, set up', ['lab', 'up', labName, '--ready'], true)
    await act('the product, without routes', ['deploy', '--no-routes'])
    await act(`what ${store} has`, ['backup', 'find', store])
    for (const { dataset, backup, kind } of datasets)
      await (kind === 'configuration' || kind === 'cluster'
        ? act(`${dataset} compared`, ['backup', 'verify', backup, '--from', store])
        : act(`${dataset} restored and compared`, ['backup', 'restore', backup, '--from', store]))
    await act('the data is as expected', ['backup', 'expect'])
    await act('every service is as wanted', ['status'])
    const endedAt = new Date()
    return {
      project,
      store,
      startedAt: startedAt.toISOString(),
      recoveryMs: endedAt.getTime() - startedAt.getTime(),
      datasets,
      steps,
    }
  } finally {
    if (isLab && !options.keep) await ownVerb(context, ['lab', 'down', labName], {})
  }
}

/** The backup of each dataset that a restore would take, and which of the stores it comes from. */
const newestOfAll = async (context: Context, { from }: DrillOptions) => {
  let found: Pick<DrillReport, 'project' | 'store' | 'datasets'> | null = null
  await withServer(context, async ({ connection, project }) => {
    const observed = await connection.wire.call(inspectDataMethod, { project })
    const store = from ?? observed.configured?.stores[0]?.name
    if (!observed.configured || !store) throw noStore()
    refuseElsewhere(observed.configured)
    const datasets = observed.configured.datasets.map(({ name, kind }) => {
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
    found = { project, store, datasets }
  })
  return found!
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

const stepFailed = (name: string, problems: ProblemData[]) =>
  new Problem({
    ...(problems[0] ?? { code: 'data/drill', summary: '', fix: [] }),
    code: 'data/drill-failed',
    summary: 'The drill failed: the product would not have come back.',
    detail: `At "${name}": ${problems[0] ? `${problems[0].summary} ${problems[0].detail}` : 'it said nothing'}`,
  })
