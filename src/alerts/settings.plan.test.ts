import { expect, it } from 'vitest'
import { alertSettingsGone, alertSettingsSteps } from './settings.plan.ts'

const project = 'shop-production'
const wanted = { settings: { project, channels: [], heartbeat: null }, fingerprint: 'new' }
const steps = (asked: typeof wanted | null, settings: string | null) =>
  alertSettingsSteps(asked, { project, alerts: { settings } }).map(
    ({ kind, cause }) => `${kind}: ${cause}`,
  )

it('tells the server whom to tell when that is news, and once', () => {
  expect(steps(wanted, null)).toEqual(['alerts.configure: somebody is told from now on'])
  expect(steps(wanted, 'old')).toEqual(['alerts.configure: who is told changed'])
  expect(steps(wanted, 'new')).toEqual([])
})

it('takes back what it was told, and nothing where it was told nothing', () => {
  expect(steps(null, 'old')).toEqual([
    'alerts.unconfigure: zarpe.yml names nobody to tell any more',
  ])
  expect(steps(null, null)).toEqual([])
  expect(alertSettingsGone({ project, alerts: { settings: null } }, 'it goes')).toEqual([])
})
