import { type Command, Option } from 'commander'
import { version } from '../agent/build.ts'
import { action, type Context } from '../cli/context.ts'
import { exitCodes } from '../cli/exit.ts'
import { writeDurable, within } from '../io/host/durable.ts'
import { countOf, judge, type Report } from './judge.ts'
import { loadProjects } from './project.load.ts'
import { reportLines } from './render.ts'
import { prefixOf } from './repository.load.ts'
import { rules } from './rules.ts'
import { sarifOf } from './sarif.ts'
import { loadStaged } from './staged.load.ts'

type CheckOptions = { strict: boolean; values: boolean; staged: boolean; sarif?: string }

/** `zarpe check`. */
export const addCheck = (program: Command) => {
  program
    .command('check')
    .description('tell all that can be known before anything is touched; changes nothing')
    .option('--strict', 'warnings fail too', false)
    .option('--no-values', 'look at everything but the values, which this machine does not have')
    .addOption(
      new Option('--staged', 'look for secrets in what git is about to commit, and at nothing else')
        .default(false)
        .conflicts('values'),
    )
    .option('--sarif <file>', 'write the findings to a file in the form that code hosts read')
    .addHelpText(
      'after',
      `
Looks at zarpe.yml, the Compose files, Dockerfiles, the values and what git keeps, for every
environment (or the one named with --env). docs/reference/rules.md lists what it looks for.
Exits 0 when nothing would fail, 3 when there is an error (with --strict: or a warning).

Examples:
  zarpe check
  zarpe check --env staging --strict
  zarpe check --no-values --sarif zarpe.sarif    # in CI
  zarpe check --staged                           # in a pre-commit hook`,
    )
    .action(
      action(async (context, options: CheckOptions) => {
        const report = options.staged
          ? await checkStaged(context)
          : await checkProjects(context, options)
        if (options.sarif !== undefined) await writeSarif(context, report, options.sarif)
        tell(context, report, options)
      }),
    )
}

const checkProjects = async (context: Context, options: CheckOptions): Promise<Report> => {
  const { projects, ...found } = await loadProjects(context.folder, {
    environment: context.options.env,
    withValues: options.values,
  })
  return judge(rules, projects, found)
}

const checkStaged = async (context: Context): Promise<Report> => {
  const { project, notes } = await loadStaged(context.folder)
  return judge(
    rules.filter(({ staged }) => staged),
    [project],
    { problems: [], notes },
  )
}

const writeSarif = async (context: Context, report: Report, file: string) => {
  const prefix = (await prefixOf(context.folder)) ?? ''
  const log = sarifOf(report, rules, { version, prefix })
  await writeDurable(within(context.folder, file), `${JSON.stringify(log, null, 2)}\n`, 0o644)
}

const tell = ({ terminal }: Context, report: Report, options: CheckOptions) => {
  const errors = countOf(report, 'error')
  const warnings = countOf(report, 'warning')
  for (const problem of report.problems) terminal.emit({ type: 'problem', ...problem })
  for (const { rule, ...finding } of report.findings)
    terminal.emit({
      type: 'finding',
      rule: rule.id,
      severity: rule.severity,
      title: rule.title,
      ...finding,
      why: rule.why,
      fix: finding.fix ?? rule.fix,
    })
  for (const { rule, reason, detail, place } of report.off)
    terminal.emit({ type: 'off', rule: rule.id, reason, detail, place })
  const fails = errors > 0 || (options.strict && warnings > 0)
  terminal.emit({
    type: 'result',
    outcome: fails ? 'refused' : 'clear',
    errors,
    warnings,
    advice: countOf(report, 'advice'),
    off: report.off.length,
    notes: report.notes,
  })
  for (const line of reportLines(report, terminal)) terminal.print(line)
  if (fails) process.exitCode = exitCodes.input
}
