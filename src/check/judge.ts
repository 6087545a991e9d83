import type { ProblemData } from '../problem/problem.ts'
import type { RuleId } from './ids.ts'
import type { Project, TextFile } from './model.ts'
import { type LineOff, offAt, readOff } from './off.ts'
import type { Finding, Rule, RuleText, Severity } from './rule.ts'

/** What a check found, complete. The screen, `--json` and SARIF are three forms of it. */
export type Report = {
  /** What `plan` would refuse. */
  problems: ProblemData[]
  /** Errors first, then by rule as the table has them, then by place. */
  findings: Judged[]
  /** What was found but is turned off, and why. */
  off: Silenced[]
  /** What could not be looked at, and why. */
  notes: string[]
}

export type Judged = Finding & { rule: RuleText }
export type Silenced = Judged & { reason: string }

/** Runs rules about files over the environments of a product. */
export const judge = (
  rules: Rule[],
  projects: Project[],
  found: { problems: ProblemData[]; notes: string[] },
): Report => {
  const all = rules.flatMap((rule) =>
    projects.flatMap((project) => rule.find(project).map((each) => ({ ...each, rule }))),
  )
  return reportOf(all, projects, found)
}

/** Sorts out what is turned off. What several environments share is told once. */
export const reportOf = (
  judged: Judged[],
  projects: Project[],
  found: { problems: ProblemData[]; notes: string[] },
): Report => {
  const comments = readOff(filesOf(projects))
  const wide: Partial<Record<RuleId, string>> = projects[0]?.config.check.off ?? {}
  const all = unique(judged).filter((each) => !isTold(each, found.problems))
  const reasons = new Map(all.map((each) => [each, reasonFor(each, wide, comments.off)]))
  return {
    problems: [...found.problems, ...comments.problems],
    findings: all.filter((each) => reasons.get(each) === undefined).toSorted(bySeverity),
    off: all.flatMap((each) => {
      const reason = reasons.get(each)
      return reason === undefined ? [] : [{ ...each, reason }]
    }),
    notes: found.notes,
  }
}

const isTold = ({ rule, place }: Judged, problems: ProblemData[]): boolean =>
  problems.some(
    (problem) =>
      rule.toldBy?.includes(problem.code) &&
      problem.place?.file === place.file &&
      problem.place.line === place.line,
  )

const reasonFor = (
  { rule, place }: Judged,
  wide: Partial<Record<RuleId, string>>,
  comments: LineOff[],
) => wide[rule.id] ?? offAt(comments, rule.id, place.file, place.line)?.reason

/** Every file in which a comment may turn something off, each once. */
const filesOf = (projects: Project[]): TextFile[] => [
  ...new Map(
    projects
      .flatMap(({ composeFiles, images, texts }) => [...texts, ...composeFiles, ...images])
      .filter(({ file }) => !/\.(md|rst|adoc|txt)$/i.test(file))
      .map((each) => [each.file, each]),
  ).values(),
]

const unique = (judged: Judged[]): Judged[] => [
  ...new Map(
    judged.map((each) => [`${each.rule.id} ${each.detail} ${JSON.stringify(each.place)}`, each]),
  ).values(),
]

const weight: Record<Severity, number> = { error: 0, warning: 1, advice: 2 }

const bySeverity = (left: Judged, right: Judged) =>
  weight[left.rule.severity] - weight[right.rule.severity]

/** How many findings of a severity there are; problems count as errors. */
export const countOf = (report: Report, severity: Severity): number =>
  report.findings.filter(({ rule }) => rule.severity === severity).length +
  (severity === 'error' ? report.problems.length : 0)
