import { describe, expect, it, vi } from 'vitest'
import { Problem } from '../problem/problem.ts'
import type { RunEvent } from './event.ts'
import { execute, type ExecuteDoors } from './execute.ts'
import type { AnyStep } from './kinds.ts'
import type { RunContext, Runners } from './runner.ts'

const step = (id: string, limitMs = 10_000) =>
  ({
    id,
    kind: 'release.forget',
    target: id,
    cause: '',
    limitMs,
    params: { project: 'shop', number: 1 },
  }) as AnyStep

/** Runs steps with one runner for all, and returns the result with everything that was told. */
const run = async (
  steps: AnyStep[],
  act: (context: RunContext) => Promise<void>,
  more: Partial<ExecuteDoors> = {},
) => {
  const events: RunEvent[] = []
  const runners = {
    'release.forget': (_params: unknown, context: RunContext) => act(context),
  } as unknown as Runners
  const doors = {
    now: () => 1_000,
    sleep: async () => undefined,
    record: async (event: RunEvent) => void events.push(event),
    ...more,
  } as unknown as ExecuteDoors
  const result = await execute(steps, runners, doors)
  return { result, told: events.map((event) => `${event.type} ${event.id}`), events }
}

describe('execute', () => {
  it('runs one step after the other and tells of each before and after', async () => {
    const { result, told } = await run([step('1'), step('2')], async ({ note }) => note('half'))
    expect(result).toEqual({ ok: true })
    expect(told).toEqual([
      'step.started 1',
      'step.note 1',
      'step.done 1',
      'step.started 2',
      'step.note 2',
      'step.done 2',
    ])
  })

  it('goes by what is on disk: a full one is a problem of the step, and a note is none', async () => {
    const full = (type: RunEvent['type']) => async (event: RunEvent) => {
      if (event.type === type) throw Object.assign(new Error('no room'), { code: 'ENOSPC' })
    }
    let acts = 0
    const act = async ({ note }: RunContext) => {
      acts++
      note('half')
    }
    const ended = (type: RunEvent['type']) => run([step('1')], act, { record: full(type) })
    expect((await ended('step.note')).result).toEqual({ ok: true })
    const problem = { code: 'host/disk-full' }
    expect((await ended('step.done')).result).toMatchObject({ ok: false, problem })
    expect(acts).toBe(2)
    expect((await ended('step.started')).result).toMatchObject({ ok: false, problem })
    expect(acts).toBe(2)
    const failing = () => Promise.reject(new Error('it broke'))
    const failed = await run([step('1')], failing, { record: full('step.failed') })
    expect(failed.result).toMatchObject({ ok: false, problem: { code: 'plan/step-broke' } })
  })

  it('stops at the first that fails, with its problem', async () => {
    const problem = { code: 'a/b', summary: 'S.', detail: 'D.', fix: [] }
    const { result, told } = await run([step('1'), step('2')], () =>
      Promise.reject(new Problem(problem)),
    )
    expect(result).toMatchObject({ ok: false, step: { id: '1' }, problem })
    expect(told).toEqual(['step.started 1', 'step.failed 1'])
  })

  it('makes a problem of what nobody foresaw', async () => {
    const { result } = await run([step('1')], async () => {
      throw new TypeError('x is not a function')
    })
    expect(result).toMatchObject({ ok: false, problem: { code: 'plan/step-broke' } })
    expect(JSON.stringify(result)).toContain('x is not a function')
  })

  it('ends a step at its limit, and lets the runner say why', async () => {
    const { result } = await run(
      [step('1', 20)],
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () =>
            reject(new Problem({ code: 'web/not-healthy', summary: '', detail: '', fix: [] })),
          )
        }),
    )
    expect(result).toMatchObject({ ok: false, problem: { code: 'web/not-healthy' } })
  })

  it('ends a step whose runner does not listen', async () => {
    vi.useFakeTimers()
    const running = run([step('1', 20)], () => new Promise(() => undefined))
    await vi.advanceTimersByTimeAsync(20)
    await vi.advanceTimersByTimeAsync(60_000)
    vi.useRealTimers()
    const { result } = await running
    expect(result).toMatchObject({ ok: false, problem: { code: 'plan/step-too-slow' } })
    expect(JSON.stringify(result)).toContain('within 0.02 s')
  })

  it('passes the door before and after each act, with the act on record', async () => {
    const seen: string[] = []
    const { told } = await run([step('1')], async () => void seen.push('act'), {
      door: async (moment, { id }) => void seen.push(`${moment} ${id}`),
    })
    expect(seen).toEqual(['before 1', 'act', 'after 1'])
    expect(told).toEqual(['step.started 1', 'step.done 1'])
  })
})
