import { expect, it } from 'vitest'
import { halfCopies } from './backup-name.ts'

it('knows copies that have no manifest, and leaves what is not ours', () => {
  const day = 'shop-production/2026/01/31'
  const names = [
    `${day}/main-20260131T030000Z.tar`,
    `${day}/main-20260131T030000Z.json`,
    `${day}/main-20260131T040000Z.tar`,
    `${day}/main-20260131T050000Z.tar.age`,
    `${day}/main-20260131T060000Z.json`,
    `${day}/notes.tar`,
  ]
  expect(halfCopies(names)).toEqual([`${day}/main-20260131T040000Z.tar`])
})
