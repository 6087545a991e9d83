import { expect, it } from 'vitest'
import { ownProcessor, runsOn } from './processor.ts'

it('names processors as Docker does', () => {
  expect(['x64', 'arm64', 'ia32', 'riscv64'].map((arch) => ownProcessor(arch))).toEqual([
    'amd64',
    'arm64',
    '386',
    'riscv64',
  ])
})

it.each([
  ['amd64', 'amd64', true],
  ['x86_64', 'amd64', true],
  ['aarch64', 'arm64', true],
  ['386', 'amd64', true],
  ['arm', 'arm64', true],
  ['arm64', 'amd64', false],
  ['amd64', 'arm64', false],
  ['amd64', '386', false],
  ['s390x', 'amd64', false],
])('an image for %s on a server with %s: %s', (image, server, runs) => {
  expect(runsOn(image, server)).toBe(runs)
})
