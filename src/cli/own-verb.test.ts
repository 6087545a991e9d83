import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Context } from './context.ts'
import { ownVerb } from './own-verb.ts'
import { openTerminal } from './terminal.ts'

/** In the place of this program: it says what it was given. */
const echo = `
const { ZARPE_SSH_CONFIG: config = null } = process.env
console.log(JSON.stringify({ type: 'given', argv: process.argv.slice(2), config }))
`

describe('another verb of this program', () => {
  const program = process.argv[1]!
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'zarpe-own-verb-'))
    process.argv[1] = join(folder, 'echo.mjs')
    writeFileSync(process.argv[1], echo)
    vi.stubEnv('ZARPE_SSH_CONFIG', undefined)
  })
  afterEach(() => {
    process.argv[1] = program
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })
  const given = async (server: { server?: string; isLab: boolean }) => {
    const terminal = openTerminal({ json: true })
    const options = { directory: folder, json: true, yes: true }
    const context: Context = { terminal, options, folder, by: 'tester' }
    return (await ownVerb(context, ['status'], server)).events[0]
  }

  it("reaches a server that was named as the user's own ssh_config says", async () => {
    const argv = ['--json', '--yes', '-C', folder, '--server', 'deploy@spare.example', 'status']
    expect(await given({ server: 'deploy@spare.example', isLab: false })).toMatchObject({
      argv,
      config: null,
    })
  })

  it("reaches a server of the lab by the lab's, unless another was chosen", async () => {
    expect(await given({ isLab: true })).toMatchObject({
      config: expect.stringMatching(/ssh_config$/),
    })
    vi.stubEnv('ZARPE_SSH_CONFIG', '/chosen')
    expect(await given({ isLab: true })).toMatchObject({ config: '/chosen' })
  })
})
