import { expect, it } from 'vitest'
import { processesBeside, processesOfProof } from './processes.ts'

it('leaves half of the machine to what serves, unless the dump is to have more', () => {
  const one = [1, 2, 3, 4, 8, 64].map((cores) => processesBeside(1, cores))
  expect(one).toEqual([1, 1, 1, 2, 4, 4])
  expect(processesBeside(2, 2)).toBe(2)
  expect(processesBeside(8, 64)).toBe(8)
})

it('has all of it for a proof that need not give way', () => {
  expect(processesOfProof(1, 4, 'low')).toBe(2)
  expect(processesOfProof(1, 4, 'normal')).toBe(4)
})
