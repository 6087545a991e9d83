import { describe, expect, it } from 'vitest'
import { journalled, type JournalLine, readJournal } from './journal.ts'
import type { Plan } from './plan.ts'

const plan = { verb: 'deploy', title: 'release 2', scope: 'shop', basis: 'b', steps: [], notes: [] }
const started: JournalLine = { type: 'run.started', at: '2026-01-31T12:00:00Z', plan, by: 'me' }
const began = (id: string): JournalLine => ({ type: 'step.started', id, at: '' })
const done = (id: string): JournalLine => ({ type: 'step.done', id, at: '', ms: 1 })
const ended: JournalLine = { type: 'run.ended', at: '', outcome: 'done' }
const problem = { code: 'a/b', summary: '', detail: '', fix: [] }
const written = (...lines: JournalLine[]) =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('')

describe('readJournal', () => {
  it('reads a run that ended', () => {
    expect(readJournal(written(started, began('1'), done('1'), ended))).toMatchObject({
      outcome: 'done',
      doneIds: ['1'],
      by: 'me',
    })
  })

  it('says where a run was cut', () => {
    const state = readJournal(written(started, began('1'), done('1'), began('2')))
    expect(state).toMatchObject({ outcome: 'interrupted', doneIds: ['1'], cutAt: '2' })
  })

  it('says which step failed', () => {
    const failed: JournalLine = { type: 'step.failed', id: '1', at: '', ms: 1, problem }
    const state = readJournal(written(started, began('1'), failed, { ...ended, outcome: 'failed' }))
    expect(state).toMatchObject({ outcome: 'failed', failed: { id: '1', problem } })
    expect(state).not.toHaveProperty('cutAt')
  })

  it('reads as much as a power cut left, wherever it tore the text', () => {
    const text = written(started, began('1'), done('1'), began('2'), done('2'), ended)
    const whole = readJournal(text)!
    for (let length = 0; length <= text.length; length++) {
      const state = readJournal(text.slice(0, length))
      if (!state) continue
      expect(whole.doneIds.slice(0, state.doneIds.length)).toEqual(state.doneIds)
      if (length < text.length - 1) expect(state.outcome).toBe('interrupted')
    }
  })

  it('is null when nothing was begun', () => {
    expect(readJournal('')).toBeNull()
    expect(readJournal('{"type":"run.sta')).toBeNull()
    expect(readJournal(written(began('1')))).toBeNull()
  })
})

describe('journalled', () => {
  it('keeps what a step is and not what it was given', () => {
    const steps = [
      {
        id: '1',
        kind: 'service.start',
        target: 'web',
        cause: 'new',
        limitMs: 1,
        params: { Env: 'hunter2' },
      },
    ] as unknown as Plan['steps']
    const kept = journalled({ ...plan, steps })
    expect(JSON.stringify(kept)).not.toContain('hunter2')
    expect(kept.steps).toEqual([
      { id: '1', kind: 'service.start', target: 'web', cause: 'new', limitMs: 1 },
    ])
  })
})
