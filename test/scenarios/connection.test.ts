import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runOk } from '../../src/io/host/processes/process.ts'
import { targetOf } from '../../src/lab/keys.ts'
import { down, inside, pause, unpause, type Vps } from '../../src/lab/vps.ts'
import { problemIn, zarpe, zarpeOk } from '../lab/cli.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'

// Whatever keeps a laptop from its server is named, with what helps against it; and so is what keeps
// a server from taking a release.

const server = 'connection'
const folder = mkdtempSync(join(tmpdir(), 'zarpe-connection-'))
let vps: Vps
let project: Project

const as = (user: string) => `${user}@${server}`
const onServer = async (...argv: string[]) => {
  const { code, stderr } = await inside(server, argv)
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`)
}

/** An ssh_config of one's own: the lab's, but for what a test takes from it. */
const sshConfig = (name: string, lines: string[], identity = targetOf(vps).identityFile) => {
  const path = join(folder, name)
  writeFileSync(
    path,
    `Host ${server}\n${[
      ...lines,
      `HostName ${vps.address}`,
      `IdentityFile ${identity}`,
      'IdentitiesOnly yes',
      `UserKnownHostsFile ${targetOf(vps).knownHostsFile}`,
      'GlobalKnownHostsFile /dev/null',
      'StrictHostKeyChecking yes',
    ]
      .map((line) => `  ${line}\n`)
      .join('')}`,
  )
  return { ZARPE_SSH_CONFIG: path }
}

const newKey = async (name: string) => {
  const path = join(folder, name)
  await runOk('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path])
  return path
}

beforeAll(async () => {
  await down(server)
  vps = await readyServer(server)
  project = await projectFrom('hello', 'connect', 'connect.example')
  project.hurry()
  await pointTo(vps, ['connect.example'])
  await onServer('useradd', '--create-home', 'plain')
  await onServer('cp', '-a', '/home/deploy/.ssh', '/home/plain/.ssh')
  await onServer('chown', '-R', 'plain:plain', '/home/plain/.ssh')
  await onServer('useradd', '--create-home', 'keyless')
})

afterAll(async () => {
  project.remove()
  rmSync(folder, { recursive: true })
  if (!process.env['ZARPE_KEEP']) await down(server)
})

/** Asks for the status and expects to be told why that did not go. */
const expectProblem = async (code: string, target: string, env: Record<string, string> = {}) => {
  const result = await zarpe(['status'], { folder: project.folder, server: target, env })
  const problem = problemIn(result)
  expect(`${problem.code} ${problem.detail}`).toContain(`${code} ${target}`)
  expect(problem.fix?.length).toBeGreaterThan(0)
  expect(result.code).toBe(code.startsWith('ssh/') ? 4 : 1)
  expect(result.stderr).toBe('')
  return problem
}

describe('a server that cannot be reached is told apart', () => {
  it('from one whose name nobody knows', () =>
    expectProblem('ssh/name-unknown', 'deploy@nowhere.invalid'))
  it('from one with no sshd', () => expectProblem('ssh/refused', 'deploy@127.0.0.1:1'))
  it('from an address that nobody has', () =>
    expectProblem('ssh/unreachable', 'deploy@10.77.0.253'))

  it('from a firewall that drops, within the limit', async () => {
    const { evidence } = await expectProblem('ssh/unreachable', `${as('deploy')}:2022`)
    expect(evidence!.join('\n')).toContain('timed out')
  })

  it('from a machine that hangs', async () => {
    await pause(server)
    try {
      await expectProblem('ssh/unreachable', as('deploy'))
    } finally {
      await unpause(server)
    }
  })

  it('from one that was never seen', async () => {
    const env = sshConfig('unknown', ['UserKnownHostsFile /dev/null'])
    const { fix } = await expectProblem('ssh/host-key-unknown', as('deploy'), env)
    expect(fix![0]).toContain(`ssh ${as('deploy')} true`)
  })

  it('from one that is another than before', async () => {
    const key = await newKey('other-host')
    const { stdout } = await runOk('ssh-keygen', ['-y', '-f', key])
    writeFileSync(join(folder, 'changed'), `${server},${vps.address} ${stdout}`)
    const env = sshConfig('config-changed', [
      `UserKnownHostsFile ${join(folder, 'changed')}`,
      'HostKeyAlgorithms ssh-ed25519',
    ])
    const { fix } = await expectProblem('ssh/host-key-changed', as('deploy'), env)
    expect(fix!.join('\n')).toContain(`ssh-keygen -R ${server}`)
  })

  it('from one that knows another key', async () => {
    const env = sshConfig('wrong-key', [], await newKey('other'))
    await expectProblem('ssh/login-refused', as('deploy'), env)
  })

  it('from a user who has no key there', async () => {
    const { fix } = await expectProblem('ssh/login-refused', as('keyless'))
    expect(fix![0]).toContain('ssh-copy-id')
  })

  it('from a user who may not become root', () => expectProblem('ssh/no-sudo', as('plain')))

  it('from one that was not set up', async () => {
    await onServer('mv', '/usr/local/bin/zarpe-agent', '/usr/local/bin/zarpe-agent.away')
    try {
      const { fix } = await expectProblem('server/not-set-up', as('deploy'))
      expect(fix![0]).toContain('zarpe setup')
    } finally {
      await onServer('mv', '/usr/local/bin/zarpe-agent.away', '/usr/local/bin/zarpe-agent')
    }
  })

  it('from one whose agent is damaged, until a set-up brings it anew', async () => {
    // As a power cut may leave it: the name is there, and nothing in it.
    const empty =
      'f=$(readlink -f /usr/local/lib/zarpe/node) && rm "$f" && install -m 755 /dev/null "$f"'
    await onServer('sh', '-c', empty)
    const { fix } = await expectProblem('server/agent-broken', as('deploy'))
    expect(fix![0]).toContain('zarpe setup')
    await zarpeOk(['setup', `root@${server}`])
    await zarpeOk(['releases'], { folder: project.folder, server })
  })

  it('from another machine behind the same name, until a set-up lets that take it over', async () => {
    const machine = async (id: string) =>
      onServer('sh', '-c', 'printf "%s\\n" "$1" > /etc/machine-id', 'sh', id)
    const own = (await inside(server, ['cat', '/etc/machine-id'])).stdout.trim()
    const other = 'c0ffee'.padEnd(32, '0')
    await zarpeOk(['releases'], { folder: project.folder, server })
    await machine(other)
    const { fix, detail } = await expectProblem('ssh/other-machine', as('deploy'))
    expect(detail).toContain(other.slice(0, 12))
    expect(detail).toContain(own.slice(0, 12))
    expect(fix!.join('\n')).toContain(`zarpe setup ${as('deploy')}`)
    expect(problemIn(await zarpe(['deploy'], { folder: project.folder, server })).code).toBe(
      'ssh/other-machine',
    )
    const taken = await zarpeOk(['setup', `root@${server}`])
    const planned = taken.events.find(({ type }) => type === 'planned')
    expect(JSON.stringify(planned?.['notes'])).toContain('It takes the name over.')
    await zarpeOk(['releases'], { folder: project.folder, server })
    await machine(own)
    await zarpeOk(['setup', `root@${server}`])
  })

  it('and answers when nothing is wrong', async () => {
    await zarpeOk(['releases'], { folder: project.folder, server })
  })
})

describe('a laptop of another version', () => {
  const asking = (version?: string) =>
    zarpe(['releases'], { folder: project.folder, server, ...(version ? { version } : {}) })
  let before = ''
  const program = async () =>
    (await inside(server, ['readlink', '/usr/local/lib/zarpe/zarpe.mjs'])).stdout

  it('that is newer brings its agent along; an older one is refused and touches nothing', async () => {
    before = await program()
    expect((await asking('9.0.0')).code).toBe(0)
    const after = await program()
    expect(after).not.toBe(before)
    const older = await asking()
    expect(problemIn(older).code).toBe('agent/newer')
    expect(problemIn(older).detail).toContain('9.0.0')
    expect(older.code).toBe(1)
    expect(await program()).toBe(after)
    expect((await asking('9.0.0')).code).toBe(0)
  })

  it('is not let in by a set-up either, as long as the newer agent is there', async () => {
    const setUp = await zarpe(['setup', `root@${server}`])
    expect(problemIn(setUp).code).toBe('agent/newer')
    await onServer('ln', '-sfn', before.trim(), '/usr/local/lib/zarpe/zarpe.mjs')
    expect((await asking()).code).toBe(0)
  })
})

describe('a server that cannot take a release says why, and takes it when that is gone', () => {
  const deploy = () => zarpe(['deploy'], { folder: project.folder, server })

  it('a full disk', async () => {
    await onServer('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', '/var/lib/docker/tmp')
    try {
      const result = await deploy()
      expect(problemIn(result)).toMatchObject({ code: 'server/disk-full' })
      expect(problemIn(result).detail).toMatch(/\d+ MiB of \d+ MiB are free/)
      expect(result.code).toBe(1)
      const notes = result.events.find(({ type }) => type === 'planned')?.['notes']
      expect(JSON.stringify(notes)).toMatch(/disk for new images: at most \d+ MiB; free: \d+ MiB/)
    } finally {
      await onServer('umount', '/var/lib/docker/tmp')
    }
  })

  it('another program on port 80', async () => {
    const script = "require('node:net').createServer().listen(80, () => console.log('listening'))"
    await onServer('systemd-run', '--unit=other-web', '/usr/local/lib/zarpe/node', '-e', script)
    try {
      const result = await deploy()
      const problem = problemIn(result)
      expect(problem.code).toBe('edge/port-taken')
      expect(problem.detail).toContain('Port 80')
      expect(problem.detail).toContain('node')
      expect(problem.fix?.length).toBeGreaterThan(0)
      expect(result.code).toBe(1)
    } finally {
      await onServer('systemctl', 'stop', 'other-web')
    }
  })

  it('and then it goes live', async () => {
    await zarpeOk(['deploy'], { folder: project.folder, server })
    await zarpeOk(['status'], { folder: project.folder, server })
  })
})
