import { describe, expect, it } from 'vitest'
import { disclosed, parseManifest } from './manifest.ts'
import type { Manifest } from '../model.ts'

const id = 'main-20260131T030000Z'
const good = {
  format: 1,
  id,
  project: 'shop-production',
  dataset: 'main',
  takenAt: '2026-01-31T03:00:00Z',
  finishedAt: '2026-01-31T03:00:01Z',
  reason: 'by hand',
  release: 1,
  file: { bytes: 1, sha256: '0'.repeat(64) },
  contents: { kind: 'postgres' },
}

const read = (more: object) =>
  parseManifest(JSON.stringify({ ...good, ...more }), 'shop-production', id)

describe('a manifest that a store has', () => {
  it('is believed if it is that of the backup', () => {
    expect(read({})).toMatchObject({ id })
  })

  it.each<object>([
    { id: 'main-20260131T030001Z' },
    { project: '../../../etc' },
    { project: 'shop-staging' },
    { dataset: 'other' },
    { contents: { kind: 'unheard' } },
    { contents: { kind: 'constructor' } },
    { file: { bytes: 1, sha256: '../x' } },
  ])('is none with %j', (more) => {
    expect(read(more)).toBeNull()
  })

  it('is none if it is no JSON', () => {
    expect(parseManifest('{', 'shop-production', id)).toBeNull()
  })
})

describe('a manifest that is shown', () => {
  it('has no key of a log', () => {
    const contents = { kind: 'cluster', history: '0123456789ab', logKey: 'AGE-SECRET-KEY-1EXAMPLE' }
    const shown = JSON.stringify(disclosed({ ...good, contents } as unknown as Manifest))
    expect(shown).not.toContain('AGE-SECRET-KEY')
    expect(shown).toContain('0123456789ab')
  })
})
