import type { AnyStep } from './kinds.ts'
import type { Plan } from './plan.ts'

const dangerText = {
  downtime: 'causes a short outage',
  'data-loss': 'can lose data',
} as const

/** The plan as the lines a person confirms; tests compare the same text. */
export const explain = (plan: Plan): string[] => {
  if (plan.steps.length === 0) return [`${plan.title}: nothing to do.`, ...plan.notes.map(note)]
  const width = Math.max(...plan.steps.map((step) => label(step).length))
  return [
    `${plan.title}: ${plan.steps.length} ${plan.steps.length === 1 ? 'step' : 'steps'}`,
    ...plan.steps.map((step, index) => line(step, index, width)),
    ...plan.notes.map(note),
  ]
}

const label = (step: AnyStep) => `${step.kind} ${step.target}`

const line = (step: AnyStep, index: number, width: number) => {
  const number = String(index + 1).padStart(3)
  const danger = step.danger ? ` (${dangerText[step.danger]})` : ''
  return `${number}. ${label(step).padEnd(width)}  ${step.cause}${danger}`
}

const note = (text: string) => `  note: ${text}`
