import { describe, expect, it } from 'vitest'
import { deployed, shop } from '../../../test/twin.ts'
import { publicPart, releaseRow } from './render.ts'

const release = deployed(shop({ db: 1, api: 1, web: 1, scheduler: 1 })).releases[0]!
const bare = { ...release, withoutBackup: true as const }

describe('a release in the list', () => {
  it('is told with its changes, or with why it failed', () => {
    expect(releaseRow(release).at(-1)).toBe('db: new; api: new; web: new; scheduler: new')
    expect(releaseRow({ ...release, problem: 'no' }).at(-1)).toBe('failed: no')
  })

  it('says that it migrated without a backup, in the table and to programs', () => {
    expect(releaseRow(bare).at(-1)).toMatch(/^migrated without a backup; /)
    expect(releaseRow({ ...bare, problem: 'no' }).at(-1)).toBe(
      'migrated without a backup; failed: no',
    )
    expect(publicPart(bare)).toMatchObject({ withoutBackup: true })
    expect(publicPart(release)).not.toHaveProperty('withoutBackup')
  })

  it('shows no specs, which hold values', () => {
    expect(JSON.stringify(publicPart(release))).not.toContain('TaskTemplate')
  })
})
