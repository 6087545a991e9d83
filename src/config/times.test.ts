import { expect, it } from 'vitest'
import { pointInTime, times } from './times.ts'

it('no backup is at a time, unasked, that clocks skip in spring', () => {
  // In Havana 00:00, in London 01:00, in Berlin and New York 02:00, in Helsinki 03:00; `systemd-analyze calendar` says what a timer does.
  for (const at of [times.at.parse(undefined), pointInTime.parse({}).at])
    expect(at >= '04:00', String(at)).toBe(true)
})
