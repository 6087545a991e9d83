import type { ProblemData } from '../problem/problem.ts'
import { type RuleId, ruleIds } from './ids.ts'
import type { TextFile } from './model.ts'

/** A rule turned off for one line, by a comment in that line or right above it. */
export type LineOff = { rule: RuleId; file: string; line: number; reason: string }

const marker =
  /zarpe:\s*off\b[ \t]*([\w-]*)[ \t]*(?:(?:because|:|-)[ \t]*)?(.*?)[ \t]*(?:\*\/|-->)?$/
const reasonLengthMin = 10

/**
 * Reads every `zarpe: off <rule> because …` in the comments of these files. One that names no rule or
 * gives no reason is a problem: it would hide something, or nothing, without anybody knowing why.
 */
export const readOff = (files: TextFile[]): { off: LineOff[]; problems: ProblemData[] } => {
  const off: LineOff[] = []
  const problems: ProblemData[] = []
  for (const { file, text } of files) {
    if (!text.includes('zarpe:')) continue
    for (const [index, code] of text.split(/\r?\n/).entries()) {
      const match = /(#|\/\/|\/\*|<!--|--|;)\s*zarpe:\s*off\b/.test(code) ? marker.exec(code) : null
      if (!match) continue
      const place = { file, line: index + 1, column: match.index + 1 }
      const [, rule = '', reason = ''] = match
      if (!isRule(rule)) problems.push(unknown(rule, place))
      else if (reason.length < reasonLengthMin) problems.push(noReason(rule, place))
      else off.push({ rule, file, line: index + 1, reason })
    }
  }
  return { off, problems }
}

const isRule = (text: string): text is RuleId => (ruleIds as readonly string[]).includes(text)

/** The comment that turns a rule off at a line, if there is one. */
export const offAt = (off: LineOff[], rule: RuleId, file: string, line: number) =>
  off.find(
    (each) =>
      each.rule === rule && each.file === file && (each.line === line || each.line === line - 1),
  )

const summary = 'A comment that turns off a rule of `zarpe check` cannot be used.'

const unknown = (rule: string, place: ProblemData['place'] & {}): ProblemData => ({
  code: 'check/bad-off',
  summary,
  detail: rule
    ? `There is no rule "${rule}", so the comment turns nothing off.`
    : 'It does not say which rule is meant.',
  place,
  fix: ['# zarpe: off <rule> because <reason>    # docs/reference/rules.md lists the rules'],
})

const noReason = (rule: string, place: ProblemData['place'] & {}): ProblemData => ({
  code: 'check/bad-off',
  summary,
  detail: `It turns off "${rule}" without a reason, so nobody will know whether it still holds.`,
  place,
  fix: [`# zarpe: off ${rule} because <reason, ${reasonLengthMin} characters or more>`],
})
