import { describe, expect, it } from 'vitest'
import type { AnyStep } from '../plan/kinds.ts'
import { drawRun } from './progress.ts'
import type { Terminal } from './terminal.ts'

const step = { id: 'backup.prove/a', kind: 'backup.prove', target: 'a', params: {} } as AnyStep
const id = step.id

/** All that is said when a run tells these events, without a terminal. */
const said = (...events: Parameters<ReturnType<typeof drawRun>['event']>[0][]): string[] => {
  const lines: string[] = []
  const same = (text: string) => text
  const terminal = {
    live: false,
    say: (line: string) => lines.push(line),
    emit: () => undefined,
    draw: () => undefined,
    good: same,
    bad: same,
    dim: same,
    bold: same,
  } as unknown as Terminal
  const run = drawRun(terminal)
  run.plan('a backup', [step])
  for (const event of events) run.event(event)
  run.end()
  return lines.slice(1)
}

describe('drawRun', () => {
  const [started, at] = [{ type: 'step.started' as const, id, at: '' }, '']

  it('keeps under a step what is an outcome, and not what was progress', () => {
    const lines = said(
      started,
      { type: 'step.note', id, text: '1 of 3 tables' },
      { type: 'step.note', id, text: '3 tables compared', stays: true },
      { type: 'step.done', id, at, ms: 1200 },
    )
    expect(lines).toEqual(['  ✓ backup.prove a 1.2 s', '      3 tables compared'])
  })

  it('keeps it under a step that failed, and for no other step', () => {
    const problem = { code: 'a/b', summary: '', detail: '', fix: [] }
    const lines = said(
      started,
      { type: 'step.note', id, text: 'half', stays: true },
      { type: 'step.failed', id, at, ms: 0, problem },
      started,
      { type: 'step.done', id, at, ms: 0 },
    )
    expect(lines).toEqual(['  ✗ backup.prove a 0.0 s', '      half', '  ✓ backup.prove a 0.0 s'])
  })

  it('shows no signs that would move the cursor', () => {
    const lines = said(
      started,
      { type: 'step.note', id, text: 'a\u001b[2Jb', stays: true },
      { type: 'step.done', id, at, ms: 0 },
    )
    expect(lines[1]).not.toContain('\u001b')
  })
})
