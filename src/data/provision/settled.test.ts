import { describe, expect, it } from 'vitest'
import { Problem } from '../../problem/problem.ts'
import { untilSettled } from './settled.run.ts'

const refused = new Problem({ code: 'data/sql-failed', summary: '', detail: 'no socket', fix: [] })
const broken = new Problem({ code: 'data/not-running', summary: '', detail: 'gone', fix: [] })

describe('a database that has just begun', () => {
  const asked = async (answers: (string | Problem)[]) => {
    let [asks, sleeps] = [0, 0]
    const signal = new AbortController().signal
    const sleep = () => Promise.resolve(void sleeps++)
    await untilSettled({ signal, sleep }, () => {
      const answer = answers[Math.min(asks++, answers.length - 1)]!
      return typeof answer === 'string' ? Promise.resolve(answer) : Promise.reject(answer)
    })
    return { asks, sleeps }
  }

  it('is waited for until the server answers that listens to others too', async () => {
    expect(await asked([refused, '', '', refused, '*'])).toEqual({ asks: 5, sleeps: 4 })
    expect(await asked(['localhost'])).toEqual({ asks: 1, sleeps: 0 })
  })

  it('is not waited for without end', async () => {
    expect((await asked([''])).asks).toBe(120)
    await expect(asked([refused])).rejects.toThrow('no socket')
    await expect(asked(['', broken])).rejects.toThrow('gone')
  })
})
