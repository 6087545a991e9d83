import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connect, isNewer } from './connect.ts'
import { openTerminal } from './terminal.ts'

describe('isNewer', () => {
  it.each([
    ['1.0.0', '0.9.9', true],
    ['0.10.0', '0.9.0', true],
    ['0.1.1', '0.1.0', true],
    ['0.1.0', '0.1.0', false],
    ['0.9.9', '1.0.0', false],
    ['what', '0.1.0', false],
  ])('%s than %s: %s', (left, right, is) => {
    expect(isNewer(left, right)).toBe(is)
  })
})

/** In the place of ssh: an agent of another build, which takes no upgrade. */
const agent = (pidFile: string) => `#!${process.execPath} --disable-warning=ExperimentalWarning
import { writeFileSync } from 'node:fs'
import { upgradeAgent } from '${join(import.meta.dirname, '../agent/methods.ts')}'
import { greetingNotice } from '${join(import.meta.dirname, '../io/wire/greeting.ts')}'
import { openWire } from '${join(import.meta.dirname, '../io/wire/wire.ts')}'
writeFileSync('${pidFile}', String(process.pid))
const wire = openWire(process.stdin, process.stdout)
wire.answer(upgradeAgent, () => Promise.reject(new Error('the disk is full')))
wire.onClose(() => process.exit(0))
wire.listen()
wire.tell(greetingNotice, { program: 'zarpe', build: 'another', version: '0.0.0', machine: '' })
`

describe('connect', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'zarpe-connect-'))
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  it('leaves no connection behind when the agent cannot be replaced', async () => {
    const pidFile = join(folder, 'pid')
    writeFileSync(join(folder, 'ssh'), agent(pidFile))
    chmodSync(join(folder, 'ssh'), 0o755)
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
    await expect(connect(openTerminal({ json: true }), 'root@vps.example')).rejects.toThrow(
      'the disk is full',
    )
    expect(() => process.kill(Number(readFileSync(pidFile, 'utf8')), 0)).toThrow('ESRCH')
  })
})
