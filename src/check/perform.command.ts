import { version } from '../agent/build.ts'
import type { Context } from '../cli/context.ts'
import { exitCodes, exitCodeOf } from '../cli/exit.ts'
import { within } from '../io/host/files/durable.ts'
import { writeOwned } from '../io/host/files/owned.ts'
import { Problem, type ProblemData } from '../problem/problem.ts'
import { loadHistory } from './history/history.load.ts'
import { countOf, judge, type Report, reportOf } from './judge.ts'
import { loadProjects } from './project/project.load.ts'
import { loadRemote } from './remote/remote.load.ts'
import { remoteRules } from './remote/rules.ts'
import { reportLines } from './report/render.ts'
import { prefixOf } from './project/repository.load.ts'
import { rules } from './rules.ts'
import { sarifOf } from './report/sarif.ts'
import { loadStaged } from './project/staged.load.ts'

export type CheckOptions = {
  strict: boolean
  values: boolean
  staged: boolean
  remote: boolean
  history: boolean
  commits: string
  installHook: boolean
  uninstallHook: boolean
  sarif?: string
}

/** Does what `zarpe check` was asked for and sets the exit code. */
export const performCheck = async (context: Context, options: CheckOptions): Promise<void> => {
  const report = options.history
    ? await checkHistory(context, options.commits)
    : options.staged
      ? await checkStaged(context)
      : await checkProjects(context, options)
  if (options.sarif !== undefined) await writeSarif(context, report, options.sarif)
  tell(context, report, options)
}

const checkProjects = async (context: Context, options: CheckOptions): Promise<Report> => {
  const { projects, apps, ...found } = await loadProjects(context.folder, {
    environment: context.options.env,
    withValues: options.values,
  })
  const local = judge(rules, projects, found)
  if (!options.remote) return local
  const remotes = await Promise.all(
    projects.map((project) =>
      loadRemote(project, apps[project.environment] ?? null, context.options.server),
    ),
  )
  const judged = remoteRules.flatMap((rule) =>
    remotes.flatMap(({ remote }) => rule.find(remote).map((each) => ({ ...each, rule }))),
  )
  const all = [
    ...local.findings,
    ...local.off.map(({ reason: _known, ...each }) => each),
    ...judged,
  ]
  return reportOf(all, projects, {
    problems: [...found.problems, ...once(remotes.flatMap(({ problems }) => problems))],
    notes: [...found.notes, ...new Set(remotes.flatMap(({ notes }) => notes))],
  })
}

/** Two environments of one server meet the same obstacle. */
const once = (problems: ProblemData[]): ProblemData[] => [
  ...new Map(problems.map((each) => [`${each.code} ${each.detail}`, each])).values(),
]

const checkStaged = async (context: Context): Promise<Report> => {
  const { project, notes } = await loadStaged(context.folder)
  const staged = rules.filter((rule) => rule.staged)
  return judge(staged, [project], { problems: [], notes })
}

const checkHistory = async (context: Context, text: string): Promise<Report> => {
  const commitsMax = Number(text)
  if (!Number.isInteger(commitsMax) || commitsMax < 1) throw badCommits(text)
  const { findings, off, commits, notes } = await loadHistory(context.folder, commitsMax)
  const looked = `${commits} ${commits === 1 ? 'commit was' : 'commits were'} looked at`
  return {
    problems: [],
    findings: off === undefined ? findings : [],
    off: off === undefined ? [] : findings.map((each) => ({ ...each, reason: off })),
    notes: [...notes, ...(notes.length > 0 ? [] : [looked])],
  }
}

const badCommits = (text: string) =>
  new Problem({
    code: 'check/bad-commits',
    summary: 'A number of commits is no number.',
    detail: `--commits says "${text}".`,
    fix: ['zarpe check --history --commits 5000'],
  })

const writeSarif = async (context: Context, report: Report, file: string) => {
  const prefix = (await prefixOf(context.folder)) ?? ''
  const log = sarifOf(report, [...rules, ...remoteRules], { version, prefix })
  const text = `${JSON.stringify(log, null, 2)}\n`
  await writeOwned(within(context.folder, file), text, { modeOfNew: 0o644 })
}

const tell = ({ terminal }: Context, report: Report, options: CheckOptions) => {
  const errors = countOf(report, 'error')
  const warnings = countOf(report, 'warning')
  for (const problem of report.problems) terminal.emit({ type: 'problem', ...problem })
  for (const { rule, detail, place, fix } of report.findings)
    terminal.emit({
      type: 'finding',
      rule: rule.id,
      severity: rule.severity,
      title: rule.title,
      detail,
      place,
      why: rule.why,
      fix: fix ?? rule.fix,
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
  for (const line of reportLines(report, terminal.printed)) terminal.print(line)
  if (fails) process.exitCode = exitCode(report)
}

/** 4 if all that is wrong is that the server cannot be asked: there is nothing to mend in a file. */
const exitCode = ({ problems, findings }: Report): number => {
  const codes = problems.map(({ code }) => exitCodeOf(code))
  const onlyProblems = !findings.some(({ rule }) => rule.severity === 'error')
  return onlyProblems && codes.length > 0 && codes.every((code) => code === exitCodes.unreachable)
    ? exitCodes.unreachable
    : exitCodes.input
}
