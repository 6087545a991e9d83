import { expect, it } from 'vitest'
import type { ClusterContents } from '../../held.ts'
import { untrusted } from './trust.ts'

const held = (more: Partial<ClusterContents> = {}) =>
  untrusted({
    below: '',
    history: '0123456789ab',
    dataset: 'main-base',
    ...more,
  } as ClusterContents)

it('takes what PostgreSQL’s own images have', () => {
  for (const below of ['', 'data', '18/docker', 'pg_data/main.1'])
    expect(held({ below })).toBe(null)
})

it.each([
  { below: '../other' },
  { below: '/etc' },
  { below: 'a//b' },
  { below: 'a/..' },
  { below: '.ssh' },
  { history: '../../x' },
  { history: '' },
  { dataset: '../main' },
  { dataset: 'a/b' },
])('takes no %j', (more) => {
  expect(held(more)).not.toBe(null)
})
