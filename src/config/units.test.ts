import { expect, it } from 'vitest'
import { parseBytes, parseDuration } from './units.ts'

it.each([
  ['1h30m', 5_400_000],
  ['1m30s', 90_000],
  ['250ms', 250],
  ['0s', 0],
  ['1.5s', 1_500],
  ['2d', 172_800_000],
])('reads the duration %s', (text, ms) => expect(parseDuration(text)).toBe(ms))

it.each(['', '10', 's', '10 s', '-1s', '1h-30m', '10s;x', '١s', '1e3s', '$(10s)'])(
  'refuses the duration %j',
  (text) => expect(parseDuration(text)).toBeNull(),
)

it.each([
  ['64M', 67_108_864],
  ['1gb', 1_073_741_824],
  ['0.5k', 512],
  ['1048576', 1_048_576],
  ['10b', 10],
])('reads the size %s', (text, bytes) => expect(parseBytes(text)).toBe(bytes))

it.each(['', 'M', '1 M B', '-1m', '1tb', '0x10'])('refuses the size %j', (text) =>
  expect(parseBytes(text)).toBeNull(),
)
