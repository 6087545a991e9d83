import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../problem/problem.ts'
import { labPath } from './home.ts'

const limitMs = 20 * 60_000

const isAlive = (processId: number): boolean => {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const take = (path: string): boolean => {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}

const holderOf = (path: string): number => {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch {
    return 0
  }
}

/**
 * Runs `work` while no other process does work of the same name: two test files that start at
 * once build an image once. A lock whose owner is dead is taken over.
 */
export const withLock = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  const path = labPath(`${name}.lock`)
  const deadline = Date.now() + limitMs
  while (!take(path)) {
    const holder = holderOf(path)
    if (holder > 0 && !isAlive(holder) && holderOf(path) === holder) {
      rmSync(path, { force: true })
      continue
    }
    if (Date.now() > deadline) {
      throw new Problem({
        code: 'lab/locked',
        summary: 'Another process is preparing the lab.',
        detail: `Process ${holder} has held ${path} for more than ${limitMs / 60_000} minutes.`,
        fix: [`kill ${holder}`],
      })
    }
    await sleep(200)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}
