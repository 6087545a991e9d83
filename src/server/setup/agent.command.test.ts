import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ownBuild } from '../../agent/build.ts'
import { runtimeVersionFor } from '../../agent/runtime.ts'
import type { Context } from '../../cli/context.ts'
import { openTerminal } from '../../cli/terminal.ts'
import { parseTarget } from '../../io/ssh/target.ts'
import { connectInstalling, whyInstall } from './agent.command.ts'

const root = join(import.meta.dirname, '../..')

type Far = { runtime: string; system: string; folder: string; build: string }

/** In the place of ssh: an agent of this build, and a user who may start that and nothing else. */
const far = ({
  runtime,
  system,
  folder,
  build,
}: Far) => `#!${process.execPath} --disable-warning=ExperimentalWarning
import { appendFileSync } from 'node:fs'
import { greetingNotice } from '${root}/io/wire/greeting.ts'
import { openWire } from '${root}/io/wire/wire.ts'
if (process.argv.at(-1).includes('zarpe-agent')) {
  appendFileSync('${folder}/agents', process.pid + '\\n')
  const wire = openWire(process.stdin, process.stdout)
  wire.onClose(() => process.exit(0))
  wire.listen()
  const machine = { machine: '', processor: 'amd64', runtime: '${runtime}' }
  wire.tell(greetingNotice, { program: 'zarpe', build: '${build}', version: '0.0.0', ...machine })
} else {
  appendFileSync('${folder}/scripts', 'one\\n')
  for (const line of ['${system}', 'x86_64', '1000', 'no-sudo', 'systemd', 'none', '9000000']) console.log(line)
}
`

describe('an agent that answers', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'zarpe-agent-'))
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  const meet = async (runtime: string, system = 'Linux') => {
    const build = await ownBuild()
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(join(folder, 'ssh'), far({ runtime, system, folder, build }))
    chmodSync(join(folder, 'ssh'), 0o755)
    const terminal = { ...openTerminal({ json: true }), emit: () => undefined }
    return connectInstalling({ terminal } as unknown as Context, parseTarget('deploy@vps.example'))
  }
  const agents = () => readFileSync(join(folder, 'agents'), 'utf8').trim().split('\n').map(Number)

  it('is kept, and told of, where the user may not renew what it runs on', async () => {
    const { connection, notes } = await meet('24.0.0')
    expect(notes).toEqual([expect.stringMatching(/stays on Node 24\.0\.0, .* as root.* brings 2/)])
    expect(agents()).toEqual([connection.process.pid])
    expect(connection.process.exitCode).toBeNull()
    await connection.close()
  })

  it('is left as it is where nothing newer would be sent', async () => {
    const { connection, notes } = await meet(await runtimeVersionFor('x64'))
    expect(notes).toEqual([])
    expect(existsSync(join(folder, 'scripts'))).toBe(false)
    await connection.close()
  })

  it('is not left open where bringing a newer one fails otherwise', async () => {
    await expect(meet('24.0.0', 'Plan9')).rejects.toThrow('server/unsuitable')
    for (const pid of agents()) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

describe('whyInstall', () => {
  it('brings an agent where there is none, and one that does not answer anew', () => {
    expect(whyInstall('server/not-set-up')).toContain('no agent yet')
    for (const code of ['server/agent-broken', 'ssh/no-greeting', 'ssh/failed'])
      expect(whyInstall(code)).toContain('anew')
  })

  it.each(['ssh/refused', 'ssh/login-refused', 'ssh/no-sudo', 'agent/newer', 'agent/mismatch'])(
    'brings none for %s',
    (code) => expect(whyInstall(code)).toBeNull(),
  )
})
