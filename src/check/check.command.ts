import type { Command } from 'commander'
import { action, type Context } from '../cli/context.ts'
import { exitCodes } from '../cli/exit.ts'
import { countOf, judge, type Report } from './judge.ts'
import { loadProjects } from './project.load.ts'
import { reportLines } from './render.ts'
import { rules } from './rules.ts'

type CheckOptions = { strict: boolean; values: boolean }

/** `zarpe check`. */
export const addCheck = (program: Command) => {
  program
    .command('check')
    .description('tell all that can be known before anything is touched; changes nothing')
    .option('--strict', 'warnings fail too', false)
    .option('--no-values', 'look at everything but the values, which this machine does not have')
    .addHelpText(
      'after',
      `
Looks at zarpe.yml, the Compose files, Dockerfiles, the values and what git keeps, for every
environment (or the one named with --env). docs/reference/rules.md lists what it looks for.
Exits 0 when nothing would fail, 3 when there is an error (with --strict: or a warning).

Examples:
  zarpe check
  zarpe check --env staging --strict
  zarpe check --no-values --json`,
    )
    .action(
      action(async (context, options: CheckOptions) => {
        const { projects, ...found } = await loadProjects(context.folder, {
          environment: context.options.env,
          withValues: options.values,
        })
        tell(context, judge(rules, projects, found), options)
      }),
    )
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
