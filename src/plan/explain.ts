import type { AnyStep } from './kinds.ts'
import type { Plan } from './plan.ts'
import { wrapped } from './wrapped.ts'

const dangerText = {
  downtime: 'causes a short outage',
  'data-loss': 'can lose data',
} as const

/** The plan as the lines a person confirms, each in as many rows as `columns` need; tests compare the same text. */
export const explain = (plan: Plan, columns = Infinity): string[] => {
  const notes = plan.notes.flatMap((text) => noteLines(text, columns))
  if (plan.steps.length === 0) return [`${plan.title}: nothing to do.`, ...notes]
  const width = Math.max(...plan.steps.map((step) => label(step).length))
  return [
    `${plan.title}: ${plan.steps.length} ${plan.steps.length === 1 ? 'step' : 'steps'}`,
    ...plan.steps.flatMap((step, index) =>
      wrapped(line(step, index, width), columns, numberWidth + width + 2),
    ),
    ...notes,
  ]
}

const label = (step: AnyStep) => `${step.kind} ${step.target}`

const numberWidth = '  1. '.length

const line = (step: AnyStep, index: number, width: number) => {
  const number = String(index + 1).padStart(3)
  const danger = step.danger ? ` (${dangerText[step.danger]})` : ''
  return `${number}. ${label(step).padEnd(width)}  ${step.cause}${danger}`
}

const noteText = '  note: '

/** A note below a plan, in as many rows as `columns` need. */
export const noteLines = (text: string, columns: number): string[] =>
  wrapped(`${noteText}${text}`, columns, noteText.length)
