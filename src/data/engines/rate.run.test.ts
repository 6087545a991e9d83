import { expect, it } from 'vitest'
import type { Engine } from '../../io/engine/engine.ts'
import { heldTo } from './rate.run.ts'

const mib = 1024 * 1024

/** An engine whose one container receives so much for each whole processor, and whose looks may fail. */
const engineThat = (bytesASecond: number, fails: (look: number) => boolean) => {
  let [share, bytes, looks] = [0, 0, 0]
  const quotas: number[] = []
  const engine = {
    containers: {
      stats: async () => {
        if (fails(looks++)) throw new Error('the engine is busy')
        bytes += bytesASecond * share
        return { networks: { eth0: { rx_bytes: bytes } } }
      },
      update: async (_id: string, { CpuQuota }: { CpuQuota: number }) => {
        share = CpuQuota / 100_000
        quotas.push(CpuQuota)
      },
    },
  } as unknown as Engine
  return { engine, quotas, looks: () => looks }
}

/** Holds it for so long, by a clock that nobody but who holds it moves on. */
const during = async (seconds: number, server: ReturnType<typeof engineThat>) => {
  let ms = 0
  const clock = { now: () => ms, rest: async (more: number) => void (ms += more) }
  const notes: string[] = []
  const holding = {
    engine: server.engine,
    container: 'c',
    note: (text: string) => notes.push(text),
  }
  const act = async () => {
    // Who is not held any more moves no clock.
    for (let turns = 0; turns < 100_000; turns++) {
      if (ms >= seconds * 1000) return
      await Promise.resolve()
    }
  }
  await heldTo(mib, holding, act, clock)
  return notes
}

it('gives the processors back when it is over', async () => {
  const server = engineThat(100 * mib, () => false)
  expect(await during(20, server)).toEqual([])
  expect(server.quotas.slice(0, 3)).toEqual([10_000, 5_000, 2_500])
  expect(server.quotas.at(-1)).toBeGreaterThanOrEqual(100_000)
})

it('looks again where a look has failed', async () => {
  const server = engineThat(100 * mib, (look) => look % 3 === 1)
  expect(await during(20, server)).toEqual([])
  expect(server.looks()).toBeGreaterThan(15)
})

it('holds nothing any more, and says so, where it can look no more', async () => {
  const server = engineThat(100 * mib, (look) => look > 3)
  expect(await during(60, server)).toEqual(['not held to its rate: the engine is busy'])
  expect(server.quotas.at(-1)).toBeGreaterThanOrEqual(100_000)
})
