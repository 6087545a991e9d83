import { createHash } from 'node:crypto'
import type { Place, ProblemData } from '../../problem/problem.ts'
import type { Judged, Report } from '../judge.ts'
import type { RuleText, Severity } from '../rule.ts'

// SARIF 2.1.0, which code hosts read to show findings beside the lines of a pull request.

const levels: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  advice: 'note',
}

export type SarifOptions = {
  version: string
  /** Where the folder is in its repository: `` or `apps/shop/`. Code hosts count from the top. */
  prefix: string
}

/** A report as one SARIF log. What is turned off is in it as suppressed, with the reason. */
export const sarifOf = (report: Report, rules: RuleText[], options: SarifOptions) => {
  const problemCodes = [...new Map(report.problems.map((each) => [each.code, each])).values()]
  const descriptors = [...rules.map(ofRule), ...problemCodes.map(ofProblem)]
  const indexOf = (id: string) => descriptors.findIndex((each) => each.id === id)
  const result = (id: string, level: string, text: string, place: Place) => ({
    ruleId: id,
    ruleIndex: indexOf(id),
    level,
    message: { text },
    locations: [locationOf(place, options.prefix)],
    partialFingerprints: { 'zarpe/v1': fingerprint(id, place.file, text) },
  })
  const ofFinding = ({ rule, detail, place, fix }: Judged) =>
    result(rule.id, levels[rule.severity], messageOf(rule, detail, fix), place)
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Zarpe', semanticVersion: options.version, rules: descriptors } },
        columnKind: 'utf16CodeUnits',
        results: [
          ...report.problems.map((problem) =>
            result(
              problem.code,
              'error',
              [problem.summary, problem.detail, ...problem.fix.map((line) => `→ ${line}`)].join(
                '\n',
              ),
              problem.place ?? { file: 'zarpe.yml', line: 1, column: 1 },
            ),
          ),
          ...report.findings.map(ofFinding),
          ...report.off.map((each) => ({
            ...ofFinding(each),
            suppressions: [{ kind: 'inSource', status: 'accepted', justification: each.reason }],
          })),
        ],
      },
    ],
  }
}

const messageOf = (rule: RuleText, detail: string, fix: string[] | undefined) =>
  [`${rule.title} ${detail}`, rule.why, ...(fix ?? rule.fix).map((line) => `→ ${line}`)].join('\n')

const ofRule = ({ id, severity, title, why, fix }: RuleText) => ({
  id,
  shortDescription: { text: title },
  fullDescription: { text: why },
  help: { text: fix.join('\n') },
  defaultConfiguration: { level: levels[severity] },
})

const ofProblem = ({ code, summary }: ProblemData) => ({
  id: code,
  shortDescription: { text: summary },
  fullDescription: { text: 'A deploy is refused until it is mended.' },
  help: { text: 'zarpe plan' },
  defaultConfiguration: { level: 'error' as const },
})

/** A path as a reference of its own: `#` and `?` in it are part of a name. */
const uriOf = (path: string) => encodeURI(path).replace(/[#?]/g, encodeURIComponent)

const locationOf = ({ file, line, column }: Place, prefix: string) => ({
  physicalLocation: {
    artifactLocation: { uri: uriOf(`${prefix}${file}`), uriBaseId: '%SRCROOT%' },
    region: { startLine: line, startColumn: column },
  },
})

/** Stays the same when lines above are added, so that a code host knows the finding again. */
const fingerprint = (...parts: string[]) =>
  createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)
