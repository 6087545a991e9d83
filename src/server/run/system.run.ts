import { readText, removePath, statOf } from '../../io/host/files/durable.ts'
import { diskSpace, writeFileWhole } from '../../io/host/files/files.ts'
import { run, runOk } from '../../io/host/processes/process.ts'
import type { Runner } from '../../plan/runner.ts'
import { Problem } from '../../problem/problem.ts'

const diskFreeForEngineMb = 200

/** Writes a file that only root may change, after its own program has accepted it. */
export const runFile: Runner<'server.file'> = async ({ path, content, mode, check }) => {
  if (check === 'sudoers') {
    // A wrong file in sudoers.d would end `sudo` for everybody.
    await runOk('visudo', ['-c', '-f', '-'], { input: content, limitMs: 20_000 })
  }
  await writeFileWhole(path, content, { mode: Number.parseInt(mode, 8), userId: 0, groupId: 0 })
}

/** Enables and starts a unit, or restarts it, and waits until systemd calls it active. */
export const runUnit: Runner<'server.unit'> = async ({ name, action }, context) => {
  const options = { limitMs: context.step.limitMs, signal: context.signal }
  if (name === 'docker.service') await requireRoom()
  await runOk('systemctl', ['daemon-reload'], options)
  // A unit that has failed too often is not started before it is forgiven.
  await run('systemctl', ['reset-failed', name], options)
  const argv = action === 'restart' ? ['restart', name] : ['enable', '--now', name]
  const result = await run('systemctl', argv, options)
  if (result.code === 0) return
  const log = await run('journalctl', ['--unit', name, '--lines', '12', '--output', 'cat'], {
    limitMs: 20_000,
  })
  throw new Problem({
    code: 'server/unit-failed',
    summary: 'A service of the system did not start.',
    detail: `\`systemctl ${argv.join(' ')}\` exited ${result.code}.`,
    fix: [`systemctl status ${name}`, 'zarpe setup'],
    evidence: [...result.stderr.split('\n'), ...log.stdout.split('\n')].filter(Boolean).slice(-12),
  })
}

/** On a full disk a restarted engine says "active" and has lost sight of every container. */
const requireRoom = async () => {
  const { freeMb } = await diskSpace('/var/lib')
  if (freeMb >= diskFreeForEngineMb) return
  throw new Problem({
    code: 'server/disk-full',
    summary: 'The disk is too full to start the engine safely.',
    detail: `${freeMb} MB are free in /var/lib; ${diskFreeForEngineMb} MB are needed.`,
    fix: ['df -h /var/lib', 'journalctl --vacuum-size=200M', 'zarpe setup'],
  })
}

/** Applies our file only: applying all of them would undo what others set since. */
export const runSysctl: Runner<'server.sysctl'> = async ({ path }) => {
  await runOk('sysctl', ['--load', path], { limitMs: 20_000 })
}

/** Makes the swap file; one of the right size that is in use is left alone. */
export const runSwapFile: Runner<'server.swap-file'> = async ({ path, sizeMb }, context) => {
  const inUse = ((await readText('/proc/swaps')) ?? '').split('\n')
  if (inUse.some((line) => line.startsWith(`${path} `))) return
  const size = sizeMb * 1024 * 1024
  const options = { limitMs: context.step.limitMs, signal: context.signal }
  if ((await statOf(path))?.size !== size) {
    await removePath(path)
    // Made with its rights first: what is swapped out is other programs' memory.
    await writeFileWhole(path, '', { mode: 0o600, userId: 0, groupId: 0 })
    await runOk('fallocate', ['--length', String(size), path], options)
  }
  await runOk('mkswap', [path], options)
}
