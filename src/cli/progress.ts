import type { RunEvent } from '../plan/event.ts'
import type { AnyStep } from '../plan/kinds.ts'
import type { Terminal } from './terminal.ts'

/** Draws a run's events as lines: one that moves for the step under way, one that stays when done. */
export const drawRun = (terminal: Terminal) => {
  let steps = new Map<string, AnyStep>()
  let running: { step: AnyStep; since: number; note: string } | null = null
  const timer = terminal.live ? setInterval(() => redraw(), 200) : null
  timer?.unref()
  const redraw = () => {
    if (!running) return
    const seconds = ((Date.now() - running.since) / 1000).toFixed(0)
    terminal.draw(`  … ${nameOf(running.step)}  ${running.note} ${seconds} s`)
  }
  return {
    plan: (title: string, planned: AnyStep[]) => {
      steps = new Map(planned.map((step) => [step.id, step]))
      terminal.emit({
        type: 'plan',
        title,
        steps: planned.map(({ params: _hidden, ...step }) => step),
      })
      terminal.say(terminal.bold(title))
    },
    event: (event: RunEvent) => {
      terminal.emit(event)
      const step = steps.get(event.id)
      if (!step) return
      switch (event.type) {
        case 'step.started':
          running = { step, since: Date.now(), note: '' }
          return redraw()
        case 'step.note':
          if (running) running.note = event.text
          return redraw()
        case 'step.done':
          running = null
          return terminal.say(
            `  ${terminal.good('✓')} ${nameOf(step)} ${terminal.dim(`${(event.ms / 1000).toFixed(1)} s`)}`,
          )
        case 'step.failed':
          running = null
          return terminal.say(
            `  ${terminal.bad('✗')} ${nameOf(step)} ${terminal.dim(`${(event.ms / 1000).toFixed(1)} s`)}`,
          )
      }
    },
    end: () => {
      if (timer) clearInterval(timer)
      running = null
    },
  }
}

const nameOf = (step: AnyStep) => `${step.kind} ${step.target}`
