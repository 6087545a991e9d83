import { describe, expect, it } from 'vitest'
import type { Task, TaskSpec, TaskState } from '../../io/engine/types.ts'
import { isOutdated, verdictOf, watchNeeded } from './verdict.ts'

const at = (second: number) => new Date(Date.UTC(2026, 0, 31) + second * 1000).toISOString()

const task = (state: TaskState, created: number, changed: number): Task =>
  ({
    CreatedAt: at(created),
    DesiredState: state === 'failed' ? 'shutdown' : 'running',
    Status: { State: state, Timestamp: at(changed), ContainerStatus: { ExitCode: 1 } },
  }) as Task

describe('verdictOf', () => {
  it('is healthy since the last of its tasks ran, and knows of none that crashed', () => {
    const tasks = [task('running', 0, 2), task('running', 0, 3)]
    expect(verdictOf(tasks, 2, at(0))).toEqual({
      is: 'healthy',
      since: Date.parse(at(3)),
      crashed: null,
    })
    expect(verdictOf(tasks, 3, at(0))).toMatchObject({ is: 'starting' })
  })

  it('remembers how long one lived that crashed, and why it did', () => {
    const tasks = [task('failed', 0, 5), task('running', 5, 6)]
    expect(verdictOf(tasks, 1, at(0))).toMatchObject({
      is: 'healthy',
      crashed: { afterMs: 5_000, reason: 'it exited with 1' },
    })
  })

  it('takes one that ended well for a crash: a service has to run on', () => {
    const ended = task('complete', 0, 4)
    ended.Status.ContainerStatus!.ExitCode = 0
    expect(verdictOf([ended, task('running', 4, 5)], 1, at(0))).toMatchObject({
      crashed: { afterMs: 4_000, reason: expect.stringContaining('exit 0') as string },
    })
    expect(verdictOf([ended, ended], 1, at(0))).toMatchObject({ is: 'failed', tries: 2 })
  })

  it('has failed with the second crash, and not by those from before the service was changed', () => {
    const tasks = [task('failed', 0, 5), task('failed', 5, 11)]
    expect(verdictOf(tasks, 1, at(0))).toMatchObject({ is: 'failed', tries: 2 })
    expect(verdictOf(tasks, 1, at(3))).toMatchObject({ is: 'starting' })
  })
})

describe('isOutdated', () => {
  const spec = { ContainerSpec: { Image: 'db@1' }, Placement: { Constraints: ['a'] } } as TaskSpec

  it('knows a task of before the update, and not one that may only run elsewhere', () => {
    const updated = { ...spec, ContainerSpec: { ...spec.ContainerSpec, Image: 'db@2' } }
    expect(isOutdated({ Spec: spec }, updated)).toBe(true)
    expect(isOutdated({ Spec: spec }, { ...spec })).toBe(false)
    const { Placement: _anywhere, ...elsewhere } = spec
    // An engine tells the runtime of services alone.
    expect(isOutdated({ Spec: spec }, { ...elsewhere, Runtime: 'container' } as TaskSpec)).toBe(
      false,
    )
  })
})

describe('watchNeeded', () => {
  const since = Date.parse(at(10))

  it('is the watch where nothing crashed, or crashed early', () => {
    const crashed = { afterMs: 1_000, reason: 'it exited with 1' }
    expect(watchNeeded({ since, crashed: null }, 6_000, Date.parse(at(66)))).toBe(6_000)
    expect(watchNeeded({ since, crashed }, 6_000, Date.parse(at(66)))).toBe(6_000)
  })

  it('is twice what the crashed one lived, as far as there is time, and never less than the watch', () => {
    const crashed = { since, crashed: { afterMs: 7_000, reason: 'it exited with 1' } }
    expect(watchNeeded(crashed, 6_000, Date.parse(at(66)))).toBe(14_000)
    expect(watchNeeded(crashed, 6_000, Date.parse(at(20)))).toBe(10_000)
    expect(watchNeeded(crashed, 6_000, Date.parse(at(12)))).toBe(6_000)
    expect(watchNeeded(crashed, 0, Date.parse(at(66)))).toBe(0)
  })
})
