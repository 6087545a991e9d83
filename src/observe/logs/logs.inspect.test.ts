import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sendLogs } from './logs.inspect.ts'
import type { LogLine, LogQuery } from './methods.ts'
import { query } from './example.model.ts'

// A program takes the place of journalctl, and prints lines as that does.

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-logs-'))
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const journal = (script: string) => {
  writeFileSync(join(folder, 'journalctl'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, 'journalctl'), 0o755)
}

const read = async (more: Partial<LogQuery>) => {
  const sent: LogLine[][] = []
  const wire = {
    send: async (_notice: unknown, lines: unknown) => void sent.push(lines as LogLine[]),
    onClose: () => undefined,
  }
  const { count } = await sendLogs(wire, { ...query, ...more }, new AbortController().signal)
  expect(sent.flat()).toHaveLength(count)
  return sent
}

const counting = (step: string) =>
  `seq ${step} | while read n; do echo "{\\"MESSAGE\\":\\"$n\\"}"; done`
const texts = (sent: LogLine[][]) => sent.flat().map(({ text }) => Number(text))
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('lines of the journal', () => {
  it('come in the order in which they were printed', async () => {
    journal(counting('1 3'))
    expect(texts(await read({}))).toEqual([1, 2, 3])
  })

  it('do so too where journalctl begins with the newest, as it does with a pattern', async () => {
    journal(counting('1200 -1 1'))
    const sent = await read({ grep: 'x' })
    expect(texts(sent)).toEqual(upTo(1200))
    expect(Math.max(...sent.map(({ length }) => length))).toBeLessThanOrEqual(500)
  })

  it('come as they are while they are followed', async () => {
    journal(counting('1 3'))
    expect(texts(await read({ grep: 'x', follow: true }))).toEqual([1, 2, 3])
  })

  it('are refused where they are too many to be put in order', async () => {
    journal(`yes "{\\"MESSAGE\\":\\"$(head -c 60000 /dev/zero | tr '\\0' x)\\"}" | head -n 2000`)
    await expect(read({ grep: 'x' })).rejects.toThrow('logs/too-much')
  })

  it('are so too where each is short, for a line takes more than its text', async () => {
    journal(`yes '{"MESSAGE":"x"}' | head -n 300000`)
    await expect(read({ grep: 'x' })).rejects.toThrow('logs/too-much')
  })
})
