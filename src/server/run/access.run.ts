import { readText } from '../../io/host/files/durable.ts'
import { makeFolder, writeFileWhole } from '../../io/host/files/files.ts'
import { run, runOk } from '../../io/host/processes/process.ts'
import type { Runner } from '../../plan/runner.ts'
import { assert } from '../../problem/assert.ts'
import { Problem } from '../../problem/problem.ts'
import { parseAccounts, parseKeys } from '../facts/system.ts'
import { parseSshd } from '../facts/sshd.ts'
import { guarded } from '../guard/guard.run.ts'
import { keysPath } from '../facts/logins.inspect.ts'

const limitMs = 30_000

// It refuses to be started by a relative name.
const sshdProgram = '/usr/sbin/sshd'

/** Makes the login, if it is missing, and adds the keys that it lacks; others are kept. */
export const runUser: Runner<'server.user'> = async ({ name, keys }) => {
  const account = (await find(name)) ?? (await create(name))
  const path = keysPath(account.home)
  const there = (await readText(path)) ?? ''
  const lacking = keys.filter((key) => !parseKeys(there).includes(key))
  const before = there === '' || there.endsWith('\n') ? there : `${there}\n`
  const ids = await idsOf(name)
  await makeFolder(`${account.home}/.ssh`, { mode: 0o700, ...ids })
  await writeFileWhole(path, before + lacking.map((key) => `${key}\n`).join(''), {
    mode: 0o600,
    ...ids,
  })
}

/** How `setup` marks the account as its own. */
export const madeComment = 'Zarpe releases'

const find = async (name: string) =>
  parseAccounts((await readText('/etc/passwd')) ?? '').find((each) => each.name === name)

const create = async (name: string) => {
  const argv = ['--create-home', '--shell', '/bin/bash', '--comment', madeComment, name]
  await runOk('useradd', argv, { limitMs })
  // No password ever matches, and unlike "!" it does not count as a locked account.
  await runOk('usermod', ['--password', '*', name], { limitMs })
  const made = await find(name)
  assert(made, `useradd made no account for ${name}`)
  return made
}

const idsOf = async (name: string) => {
  const user = await runOk('id', ['-u', name], { limitMs })
  const group = await runOk('id', ['-g', name], { limitMs })
  return { userId: Number(user.stdout), groupId: Number(group.stdout) }
}

/** Hardens SSH. A file that sshd refuses, or that another file overrules, is taken back at once. */
export const runSshd: Runner<'server.sshd'> = ({ path, content, expect }) =>
  guarded('sshd', async () => {
    await writeFileWhole(path, content, { mode: 0o600, userId: 0, groupId: 0 })
    const tested = await run(sshdProgram, ['-t'], { limitMs })
    if (tested.code !== 0) throw refused(path, tested.stderr)
    const shown = parseSshd((await runOk(sshdProgram, ['-T'], { limitMs })).stdout)
    const overruled = Object.entries(expect).filter(
      ([key, value]) => (shown[key] ?? '').toLowerCase() !== value,
    )
    if (overruled.length > 0) throw overridden(path, overruled, shown)
    await runOk('systemctl', ['try-reload-or-restart', 'ssh.service'], { limitMs })
  })

/** Loads the firewall in one act and keeps it for the next boot. */
export const runFirewall: Runner<'server.firewall'> = async ({ path, content, marker }) => {
  // Tried before anything is changed: the table is built and thrown away.
  await runOk('nft', ['--check', '-f', '-'], { input: content, limitMs })
  await guarded('firewall', async () => {
    await writeFileWhole(path, content, { mode: 0o600, userId: 0, groupId: 0 })
    await runOk('systemctl', ['daemon-reload'], { limitMs })
    await runOk('systemctl', ['enable', 'zarpe-firewall.service'], { limitMs })
    await runOk('systemctl', ['reload-or-restart', 'zarpe-firewall.service'], { limitMs })
    const loaded = await runOk('nft', ['list', 'table', 'inet', 'zarpe'], { limitMs })
    assert(loaded.stdout.includes(marker), 'the firewall was loaded but is not in the kernel')
  })
}

const refused = (path: string, stderr: string) =>
  new Problem({
    code: 'server/sshd-refused',
    summary: 'The SSH server did not accept the new settings.',
    detail: `\`sshd -t\` refused ${path}; the earlier state is back.`,
    fix: ['sshd -t', 'Correct what it names, then: zarpe setup'],
    evidence: stderr.split('\n').filter(Boolean).slice(-12),
  })

const overridden = (path: string, overruled: [string, string][], shown: Record<string, string>) =>
  new Problem({
    code: 'server/sshd-overridden',
    summary: 'Another SSH setting stands before ours.',
    detail: `${path} has no effect on ${overruled.map(([key]) => key).join(', ')}: SSH takes the first value it reads. The earlier state is back.`,
    fix: [
      'grep -rn Include /etc/ssh/sshd_config',
      'grep -rnE "PasswordAuthentication|PermitRootLogin" /etc/ssh/sshd_config /etc/ssh/sshd_config.d',
      'Remove the lines that stand before it, then: zarpe setup',
    ],
    evidence: overruled.map(([key, value]) => `${key} is ${shown[key] ?? '(unset)'}, not ${value}`),
  })
