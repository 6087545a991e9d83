import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Problem, type ProblemData, Problems } from '../../problem/problem.ts'
import { isLost } from './lost.ts'
import { defineMethod, defineNotice } from './method.ts'
import { openWire } from './wire.ts'

const double = defineMethod<number, number>('double')
const fail = defineMethod<{ with: 'problem' | 'problems' | 'bug' }, null>('fail')
const wait = defineMethod<null, string>('wait')
const noted = defineNotice<string>('noted')

const data: ProblemData = {
  code: 'room/what',
  summary: 'A summary.',
  detail: 'A “detail”\nof two lines.',
  place: { file: 'f', line: 1, column: 2 },
  fix: ['do this'],
  evidence: ['\u001b[31mred'],
}

/** Two ends of one connection; `cut` ends it as a lost network does. */
const pair = () => {
  const there = new PassThrough()
  const back = new PassThrough()
  const laptop = openWire(back, there)
  const agent = openWire(there, back)
  agent.answer(double, async (count) => count * 2)
  agent.answer(fail, async (params) => {
    if (params.with === 'problem') throw new Problem(data)
    if (params.with === 'problems') throw new Problems([data, { ...data, code: 'room/other' }])
    throw new TypeError('a bug')
  })
  laptop.listen()
  agent.listen()
  return { laptop, agent, cut: () => back.end() }
}

describe('the wire', () => {
  it('calls, answers and counts', async () => {
    const { laptop } = pair()
    expect(await Promise.all([1, 2, 3].map((count) => laptop.call(double, count)))).toEqual([
      2, 4, 6,
    ])
    expect(laptop.exchanges()).toBe(3)
  })

  it('carries a problem whole, and several', async () => {
    const { laptop } = pair()
    const one = await laptop.call(fail, { with: 'problem' }).catch((error: unknown) => error)
    expect(one).toBeInstanceOf(Problem)
    expect((one as Problem).data).toEqual(data)
    const many = await laptop.call(fail, { with: 'problems' }).catch((error: unknown) => error)
    expect((many as Problems).list.map(({ code }) => code)).toEqual(['room/what', 'room/other'])
  })

  it('does not take a bug for a problem', async () => {
    const { laptop } = pair()
    const error = await laptop.call(fail, { with: 'bug' }).catch((thrown: unknown) => thrown)
    expect(error).not.toBeInstanceOf(Problem)
    expect(String(error)).toContain('a bug')
  })

  it('tells the other end when a caller gave up', async () => {
    const { laptop, agent } = pair()
    agent.answer(
      wait,
      (_params, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) resolve('ended early')
          signal.addEventListener('abort', () => resolve('ended early'))
        }),
    )
    const abort = new AbortController()
    const answer = laptop.call(wait, null, abort.signal)
    abort.abort()
    expect(await answer).toBe('ended early')
  })

  it('fails whoever waits when the connection is lost, and says so to both ends', async () => {
    const { laptop, agent, cut } = pair()
    agent.answer(wait, () => new Promise(() => undefined))
    const closed = new Promise<void>((resolve) => laptop.onClose(resolve))
    const answer = laptop.call(wait, null).catch((error: unknown) => error)
    cut()
    await closed
    expect(isLost(await answer)).toBe(true)
    const late = await laptop.call(wait, null).catch((error: unknown) => error)
    expect(isLost(late)).toBe(true)
    await expect(laptop.send(noted, 'into the void')).resolves.toBeUndefined()
    expect(() => laptop.tell(noted, 'into the void')).not.toThrow()
  })

  it('keeps the order of notices, whatever is in them', async () => {
    const { laptop, agent } = pair()
    const texts = ['', 'ü€𐍈', 'Content-Length: 3\r\n\r\n', 'x'.repeat(300_000)]
    const read: string[] = []
    const all = new Promise<void>((resolve) => {
      agent.onNotice(noted, (text) => {
        if (read.push(text) === texts.length) resolve()
      })
    })
    for (const text of texts) await laptop.send(noted, text)
    await all
    expect(read).toEqual(texts)
  })
})
