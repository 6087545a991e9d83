import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run, runOk } from '../io/host/processes/process.ts'
import { Problem } from '../problem/problem.ts'
import { labPath, type Report } from './home.ts'
import { withLock } from './lock.ts'
import { ensurePackages } from './packages.ts'

const startLimitMs = 60_000
const stopLimitMs = 60_000

const pidFile = () => labPath('engine', 'dockerd.pid')
const logFile = () => labPath('engine', 'dockerd.log')

/** Whether a Docker engine answers on this machine. */
export const isEngineRunning = async (): Promise<boolean> => {
  const format = ['version', '--format', '{{.Server.Version}}']
  const result = await run('docker', format, { limitMs: 10_000 }).catch(() => undefined)
  return result?.code === 0
}

/**
 * Makes sure that a Docker engine answers. One that is there is used as it is. Otherwise, as root
 * on Debian or Ubuntu, the distribution's engine is installed and started: by systemd where that
 * is process 1, else as a process of its own with a log and a pid file in the lab's folder.
 */
export const ensureEngine = async (report: Report): Promise<void> => {
  if (await isEngineRunning()) return
  await withLock('engine', async () => {
    if (await isEngineRunning()) return
    if (!existsSync('/etc/debian_version'))
      throw noEngine('None answers, and one is installed only on Debian and Ubuntu')
    await ensurePackages(['docker.io', 'iptables', 'ca-certificates', 'openssh-client'], report)
    // Debian 13 packs the client apart; Debian 12 has no such package.
    if (!(await hasClient())) await ensurePackages(['docker-cli'], report)
    report('starting the Docker engine')
    if (isSystemdFirst()) await runOk('systemctl', ['start', 'docker'], { limitMs: startLimitMs })
    else startByHand()
    await waitUntilRunning()
  })
}

/** Stops the engine, if it is one that `ensureEngine` started by hand. */
export const stopEngine = async (report: Report): Promise<void> => {
  const id = ownEngineId()
  if (id === undefined) return
  report('stopping the Docker engine')
  process.kill(id, 'SIGTERM')
  const deadline = Date.now() + stopLimitMs
  while (ownEngineId() !== undefined) {
    if (Date.now() > deadline) throw noEngine(`The engine, process ${id}, did not end`, stopLimitMs)
    await sleep(100)
  }
  rmSync(pidFile(), { force: true })
}

const hasClient = async (): Promise<boolean> =>
  (await run('docker', ['--version'], { limitMs: 10_000 }).catch(() => undefined))?.code === 0

const isSystemdFirst = (): boolean => existsSync('/run/systemd/system')

const startByHand = () => {
  mkdirSync(labPath('engine'), { recursive: true })
  forgetDead(pidFile(), 'dockerd')
  forgetDead('/var/run/docker.pid', 'dockerd')
  forgetDead('/var/run/docker/containerd/containerd.pid', 'containerd')
  const log = openSync(logFile(), 'a')
  // An own session: a signal to the terminal's group, such as Ctrl-C, must not end the engine.
  const child = spawn('dockerd', ['--pidfile', pidFile(), '--log-level', 'warn'], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
  })
  child.on('error', () => undefined)
  child.unref()
  closeSync(log)
}

const waitUntilRunning = async () => {
  const deadline = Date.now() + startLimitMs
  while (!(await isEngineRunning())) {
    if (Date.now() > deadline)
      throw noEngine('The engine that was started did not answer', startLimitMs)
    await sleep(200)
  }
}

const ownEngineId = (): number | undefined => runningId(pidFile(), 'dockerd')

/** The process a pid file names, if that process is alive and is the program meant. */
const runningId = (pidPath: string, program: string): number | undefined => {
  try {
    const id = Number(readFileSync(pidPath, 'utf8').trim())
    // A process that ended and that nobody waited for has no command line any more.
    const [file = ''] = readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0')
    return basename(file) === program ? id : undefined
  } catch {
    return undefined
  }
}

/**
 * Removes a pid file left by a machine that was switched off. Its number may belong to another
 * process by now, and then the engine would refuse to start, or wait for a dead containerd.
 */
const forgetDead = (pidPath: string, program: string) => {
  if (runningId(pidPath, program) === undefined) rmSync(pidPath, { force: true })
}

const noEngine = (what: string, limitMs?: number) =>
  new Problem({
    code: 'lab/no-engine',
    summary: 'The lab needs a Docker engine on this machine.',
    detail: limitMs === undefined ? `${what}.` : `${what} within ${limitMs / 1000} s.`,
    fix: existsSync(logFile())
      ? [`tail -n 50 ${logFile()}`]
      : [
          'Install Docker (https://docs.docker.com/engine/install/) and run the same command again.',
        ],
  })
