import { plainText } from './plain.ts'
import type { ProblemData } from './problem.ts'

type Paint = {
  bad: (text: string) => string
  dim: (text: string) => string
  bold: (text: string) => string
}

/** A problem as a person reads it: what, why, the evidence, and commands that can be copied. */
export const problemLines = (problem: ProblemData, paint: Paint): string[] => {
  const place = problem.place
    ? `${problem.place.file}:${problem.place.line}:${problem.place.column}: `
    : ''
  return [
    `${paint.bad('✗')} ${place}${paint.bold(problem.summary)} ${paint.dim(`[${problem.code}]`)}`,
    ...problem.detail.split('\n').map((line) => `  ${plainText(line)}`),
    ...(problem.evidence ?? []).map((line) => paint.dim(`  │ ${plainText(line)}`)),
    ...problem.fix.map((line) => `  → ${plainText(line)}`),
  ]
}
