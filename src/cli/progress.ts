import type { RunEvent } from '../plan/event.ts'
import type { AnyStep } from '../plan/kinds.ts'
import { plainText } from '../problem/plain.ts'
import type { Terminal } from './terminal.ts'

/** Draws a run's events as lines: one that moves for the step under way, one that stays when done. */
export const drawRun = (terminal: Terminal) => {
  let steps = new Map<string, AnyStep>()
  let running: { step: AnyStep; since: number; note: string; stays: string[] } | null = null
  const timer = terminal.live ? setInterval(() => redraw(), 200) : null
  timer?.unref()
  const redraw = () => {
    if (!running) return
    const seconds = ((Date.now() - running.since) / 1000).toFixed(0)
    terminal.draw(`  … ${nameOf(running.step)}  ${running.note} ${seconds} s`)
  }
  const ended = (sign: string, step: AnyStep, ms: number) => {
    terminal.say(`  ${sign} ${nameOf(step)} ${terminal.dim(`${(ms / 1000).toFixed(1)} s`)}`)
    for (const text of running?.stays ?? []) terminal.say(`      ${plainText(text)}`)
    running = null
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
          running = { step, since: Date.now(), note: '', stays: [] }
          return redraw()
        case 'step.note':
          if (event.stays) running?.stays.push(event.text)
          else if (running) running.note = event.text
          return redraw()
        case 'step.done':
          return ended(terminal.good('✓'), step, event.ms)
        case 'step.failed':
          return ended(terminal.bad('✗'), step, event.ms)
      }
    },
    end: () => {
      if (timer) clearInterval(timer)
      running = null
    },
  }
}

const nameOf = (step: AnyStep) => `${step.kind} ${step.target}`
