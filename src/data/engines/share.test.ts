import { describe, expect, it } from 'vitest'
import { shareFor } from './share.ts'

const seconds = 120

/** Has something come at `speed` bytes a second for each whole processor, and looks each second. */
const run = (rate: number, speed: (second: number) => number) => {
  let share = 0.1
  let aheadS = 0
  const came: number[] = []
  for (let second = 0; second < seconds; second++) {
    const now = speed(second) * share
    came.push(now)
    aheadS = Math.max(-2, aheadS + now / rate - 1)
    share = shareFor({ share, rate, came: now, aheadS }, 2)
  }
  return came
}

const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0)

describe('the share of the processors that something is given', () => {
  it.each([
    ['steady', () => 100e6],
    ['in waves', (second: number) => 100e6 * (1.2 + Math.sin(second / 5))],
    ['by leaps', (second: number) => (Math.floor(second / 20) % 2 === 0 ? 20e6 : 300e6)],
  ])('keeps it to its rate where it is %s', (_how, speed) => {
    const came = run(10e6, speed)
    expect(sum(came) / seconds).toBeGreaterThan(8e6)
    expect(sum(came) / seconds).toBeLessThan(11.5e6)
  })

  it('is all there is where the rate is out of reach, and never nothing', () => {
    expect(run(10e6, () => 1e6).at(-1)).toBe(2e6)
    expect(shareFor({ share: 0.1, rate: 1, came: 1e9, aheadS: 1e9 }, 2)).toBe(0.05)
    expect(shareFor({ share: 0.01, rate: 1, came: 1e9, aheadS: 1e9 }, 2)).toBe(0.01)
  })

  it('grows while nothing comes', () => {
    expect(shareFor({ share: 0.1, rate: 1e6, came: 0, aheadS: -1 }, 2)).toBe(0.2)
  })
})
