import { describe, expect, it } from 'vitest'
import { chosenAside, undoneName } from './aside.plan.ts'
import type { Aside, ObservedData } from '../model.ts'

const aside = (is: Aside['is'], name: string): Aside => ({
  dataset: 'main',
  is,
  name,
  was: 'shop',
  at: '2026-01-31T03:00:00Z',
  backup: 'main-20260131T030000Z',
  release: null,
})

const observed = (asides: Aside[]) => ({ asides }) as ObservedData

describe('what is aside', () => {
  it('is put back only if it was live once', () => {
    const half = aside('beside', 'shop_new_1')
    const whole = aside('aside', 'shop_old_1')
    expect(chosenAside('undo', observed([half, whole]), undefined)).toBe(whole)
    expect(chosenAside('discard', observed([half]), undefined)).toBe(half)
    expect(() => chosenAside('undo', observed([half]), undefined)).toThrow()
    expect(() => chosenAside('undo', observed([half, whole]), 'shop_new_1')).toThrow()
  })

  it('is put back newest first, and removed only where it is clear what is meant', () => {
    const older = { ...aside('aside', 'shop_old_1'), at: '2026-01-30T03:00:00Z' }
    const newer = aside('aside', 'shop_old_2')
    expect(chosenAside('undo', observed([older, newer]), undefined)).toBe(newer)
    expect(chosenAside('undo', observed([older, newer]), 'shop_old_1')).toBe(older)
    expect(() => chosenAside('discard', observed([older, newer]), undefined)).toThrow(/clear/)
    const other = { ...newer, dataset: 'files', name: 'files_old_3' }
    expect(() => chosenAside('undo', observed([older, other]), undefined)).toThrow(/clear/)
  })

  it('has two names, however often it is undone', () => {
    expect(undoneName('shop_old_1')).toBe('shop_old_1_undone')
    expect(undoneName(undoneName('shop_old_1'))).toBe('shop_old_1')
  })
})
