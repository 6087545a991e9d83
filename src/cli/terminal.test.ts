import { afterEach, describe, expect, it, vi } from 'vitest'
import { openTerminal } from './terminal.ts'

const streams = { stdout: process.stdout.isTTY, stderr: process.stderr.isTTY }
const show = (stdout: boolean, stderr: boolean) => {
  process.stdout.isTTY = stdout
  process.stderr.isTTY = stderr
}
afterEach(() => {
  show(streams.stdout, streams.stderr)
  vi.unstubAllEnvs()
})

const green = '\u001b[32m✓\u001b[39m'

describe('openTerminal', () => {
  it('paints what goes to a screen, each stream by itself', () => {
    vi.stubEnv('NO_COLOR', '')
    show(false, true)
    const toFile = openTerminal({ json: false })
    expect([toFile.good('✓'), toFile.printed.good('✓')]).toEqual([green, '✓'])
    show(true, false)
    const fromPipe = openTerminal({ json: false })
    expect([fromPipe.good('✓'), fromPipe.printed.good('✓')]).toEqual(['✓', green])
  })

  it('paints nothing for a program or for who wants none', () => {
    show(true, true)
    vi.stubEnv('NO_COLOR', '')
    const json = openTerminal({ json: true })
    vi.stubEnv('NO_COLOR', '1')
    const plain = openTerminal({ json: false })
    for (const each of [json, plain])
      expect([each.good('✓'), each.printed.bold('✓')]).toEqual(['✓', '✓'])
  })
})
