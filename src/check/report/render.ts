import type { Paint } from '../../cli/terminal.ts'
import { plainText } from '../../problem/plain.ts'
import { problemLines } from '../../problem/render.ts'
import { countOf, type Judged, type Report, type Silenced } from '../judge.ts'
import type { Severity } from '../rule.ts'

const signs: Record<Severity, string> = { error: '✗', warning: '!', advice: '·' }

/** Places of one rule that are listed; the rest is counted. `--json` and SARIF have them all. */
const placesMax = 12

/** A report as a person reads it: each rule once, with every place at which it is broken. */
export const reportLines = (report: Report, paint: Paint): string[] => [
  ...report.problems.flatMap((problem) => [...problemLines(problem, paint), '']),
  ...groupsOf(report.findings).flatMap((group) => [...groupLines(group, paint), '']),
  ...offLines(report.off, paint),
  ...report.notes.map((note) => paint.dim(`note: ${plainText(note)}`)),
  ...(report.off.length + report.notes.length > 0 ? [''] : []),
  verdict(report, paint),
]

const groupsOf = <Each extends Judged>(findings: Each[]): Each[][] => [
  ...Map.groupBy(findings, ({ rule }) => rule.id).values(),
]

const groupLines = (group: Judged[], paint: Paint): string[] => {
  const { rule } = group[0]!
  const sign = rule.severity === 'error' ? paint.bad(signs.error) : signs[rule.severity]
  const left = group.length - placesMax
  return [
    `${sign} ${paint.bold(rule.title)} ${paint.dim(`[${rule.severity}: ${rule.id}]`)}`,
    ...group.slice(0, placesMax).map(({ place, detail }) => {
      const at = `${place.file}:${place.line}:${place.column}`
      return `  ${plainText(`${at}: ${detail}`)}`
    }),
    ...(left > 0 ? [`  … and ${left} more; --json lists them all`] : []),
    paint.dim(`  Why: ${rule.why}`),
    ...fixesOf(group).map((line) => `  → ${plainText(line)}`),
  ]
}

/** The edits for a group: those of its places where they have their own, else the rule's. */
const fixesOf = (group: Judged[]): string[] => [
  ...new Set(group.slice(0, placesMax).flatMap(({ fix, rule }) => fix ?? rule.fix)),
]

const offLines = (off: Silenced[], paint: Paint): string[] =>
  groupsOf(off).flatMap((group) =>
    [...Map.groupBy(group, ({ reason }) => reason)].map(([reason, each]) =>
      paint.dim(`off: ${group[0]!.rule.id}, ${times(each.length, 'place')}: ${plainText(reason)}`),
    ),
  )

const verdict = (report: Report, paint: Paint): string => {
  const counts = (['error', 'warning', 'advice'] as const).map(
    (severity) => [severity, countOf(report, severity)] as const,
  )
  const words = counts
    .filter(([, count]) => count > 0)
    .map(([severity, count]) =>
      severity === 'advice'
        ? `${count} ${count === 1 ? 'piece' : 'pieces'} of advice`
        : times(count, severity),
    )
  if (words.length === 0) return `${paint.good('✓')} nothing found`
  const clear = countOf(report, 'error') === 0
  return `${clear ? paint.good('✓') : paint.bad('✗')} ${words.join(', ')}`
}

const times = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
