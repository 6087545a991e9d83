import { describe, expect, it } from 'vitest'
import { applyStep, emptyServer, shop } from '../../../test/twin.ts'
import { planDeploy } from '../deploy/deploy.plan.ts'
import { planScale } from './scale.plan.ts'

const at = '2026-01-31T12:00:00.000Z'
const released = () => {
  const start = emptyServer()
  const wanted = shop({ db: 1, api: 1, web: 1, scheduler: 1 })
  return planDeploy(wanted, start, at).steps.reduce(applyStep, start)
}
const scale = (replicas: Record<string, number>) =>
  planScale(released(), {
    replicas,
    by: 'me',
    at,
    title: 'shop',
    healthyWithinMs: 1,
    keep: 3,
  })

describe('planScale', () => {
  it('warns of routes that nobody will answer', () => {
    expect(scale({ web: 0 }).notes).toContain(
      'https://shop.example/ will not be answered: web has no task',
    )
    expect(scale({ web: 2, api: 0 }).notes.join()).not.toContain('will not be answered')
  })

  it('does nothing for the number that there is', () => {
    expect(scale({ api: 2 }).steps).toEqual([])
  })

  it('refuses a second task of what keeps data, and a service that is not there', () => {
    expect(() => scale({ db: 2 })).toThrow('release/one-only')
    expect(() => scale({ nobody: 1 })).toThrow('config/unknown-service')
  })
})
