import { expect, it } from 'vitest'
import { dataSettingsGone, dataSettingsSteps } from './settings.plan.ts'

const project = 'shop-production'
const wanted = {
  settings: { project, datasets: [], stores: [], recipients: [] },
  fingerprint: 'new',
}
const steps = (asked: typeof wanted | null, settings: string | null) =>
  dataSettingsSteps(asked, { project, settings }).map(({ kind, cause }) => `${kind}: ${cause}`)

it('tells the server what to back up when that is news, and once', () => {
  expect(steps(wanted, null)).toEqual(['data.configure: backups are taken from now on'])
  expect(steps(wanted, 'old')).toEqual(['data.configure: what is backed up changed'])
  expect(steps(wanted, 'new')).toEqual([])
})

it('takes back what it was told, and nothing where it was told nothing', () => {
  expect(steps(null, 'old')).toEqual(['data.unconfigure: zarpe.yml names no data any more'])
  expect(steps(null, null)).toEqual([])
  expect(dataSettingsGone({ project, settings: null }, 'it goes')).toEqual([])
})
