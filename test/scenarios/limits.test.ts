import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../../scripts/bundle.ts'
import { sshConfigFile } from '../../src/lab/keys.ts'
import { down, inside } from '../../src/lab/vps.ts'
import { zarpe, zarpeOk } from '../lab/cli.ts'
import { figure, isSoak } from '../lab/figures.ts'
import { inventoryOf } from '../lab/inventory.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'

// What grows without end is bounded: logs, output, and what releases leave on a disk.

const server = 'limits'
const mib = 1_048_576
let project: Project
const options = () => ({ folder: project.folder, server })
const on = async (script: string) => (await inside(server, ['sh', '-c', script])).stdout.trim()

beforeAll(async () => {
  await down(server)
  const vps = await readyServer(server)
  await pointTo(vps, ['limits.example'])
  project = await projectFrom('hello', 'limits', 'limits.example')
  project.write('zarpe.yml', `${project.read('zarpe.yml')}release: { watch: 1s, keep: 2 }\n`)
  await zarpeOk(['deploy'], options())
})

afterAll(async () => {
  project.remove()
  if (!process.env['ZARPE_KEEP']) await down(server)
})

/** Most memory that a process ever held, in MiB, read until it ends. */
const peakOf = (pid: number) => {
  let peak = 0
  const timer = setInterval(() => {
    try {
      const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
      peak = Math.max(peak, Number(line?.[1] ?? 0) / 1024)
    } catch {
      // It has ended.
    }
  }, 50)
  return () => {
    clearInterval(timer)
    return peak
  }
}

const megabytes = isSoak ? 1024 : 128

describe('output without end', () => {
  it(`of ${megabytes} MiB passes through a client that stays small`, async () => {
    const write = `const part = Buffer.alloc(1048576, 97); let left = ${megabytes}; const go = () => { while (left-- > 0) if (!process.stdout.write(part)) return process.stdout.once('drain', go) }; go()`
    const argv = ['-C', project.folder, '--server', `deploy@${server}`]
    const child = spawn(
      process.execPath,
      [await bundle(), ...argv, 'exec', 'web', '--', 'node', '-e', write],
      {
        env: { ...process.env, ZARPE_SSH_CONFIG: sshConfigFile() },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const peak = peakOf(child.pid!)
    let bytes = 0
    child.stdout.on('data', (part: Buffer) => (bytes += part.length))
    const code = await new Promise((resolve) => child.on('close', resolve))
    const memory = peak()
    figure(`${megabytes} MiB of output through exec`, `client peaked at ${memory.toFixed(0)} MiB`)
    expect(code).toBe(0)
    expect(bytes).toBe(megabytes * mib)
    expect(memory).toBeGreaterThan(20)
    expect(memory).toBeLessThan(200)
  })
})

const floodSeconds = isSoak ? 60 : 8

describe('a service that floods its log', () => {
  it(`for ${floodSeconds} s stays within the journal's cap, and hides nothing else`, async () => {
    const flood = `const line = 'flood '.repeat(40) + String.fromCharCode(10); const until = Date.now() + ${floodSeconds * 1000}; const go = () => { while (Date.now() < until) if (!process.stdout.write(line)) return process.stdout.once('drain', go); setInterval(() => {}, 1e9) }; go()`
    const compose = project.read('compose.yml')
    const command = JSON.stringify(['node', '-e', flood])
    project.write('compose.yml', `${compose}  chatty:\n    build: .\n    command: ${command}\n`)
    await zarpeOk(['deploy'], options())
    await new Promise((resolve) => setTimeout(resolve, floodSeconds * 1000))
    const used = await on('du -sm /var/log/journal | cut -f1')
    const { events } = await zarpeOk(['logs', 'chatty', '-n', '50'], options())
    figure(`log flood of ${floodSeconds} s`, `the journal takes ${used} MiB of 1,024`)
    expect(Number(used)).toBeLessThan(1_100)
    const lines = events.filter(({ type }) => type === 'log')
    expect(lines).toHaveLength(50)
    expect(String(lines.at(-1)!['text'])).toContain('flood')
    const first = await zarpeOk(['logs', 'web', '--grep', 'on port 3000'], options())
    expect(first.events.some(({ type }) => type === 'log')).toBe(true)
    expect((await zarpe(['status'], options())).code).toBe(0)
    project.write('compose.yml', compose)
    await zarpeOk(['deploy'], options())
  })
})

const releases = isSoak ? 100 : 3

describe(`${releases} releases`, () => {
  it('leave on the disk what is kept, and nothing else', async () => {
    const used = async () =>
      Number(await on('du -smx /var/lib/docker /var/lib/zarpe | awk "{s+=\\$1} END {print s}"'))
    const release = async (version: number) => {
      project.version(`grow.${version}`)
      await zarpeOk(['deploy'], options())
    }
    // From here on each release that comes pushes one out.
    for (const version of [1, 2, 3]) await release(version)
    const before = { used: await used(), ...(await inventoryOf(server)) }
    for (let version = 4; version < 4 + releases; version++) await release(version)
    const after = { used: await used(), ...(await inventoryOf(server)) }
    figure(
      `${releases} releases, 2 kept`,
      `disk of engine and records ${before.used} MiB before, ${after.used} MiB after`,
    )
    expect(after.used).toBeLessThanOrEqual(before.used * 1.05 + 1)
    expect(after.networks).toEqual(before.networks)
    expect(after.volumes).toEqual(before.volumes)
    expect(after.services).toHaveLength(before.services.length)
    // Swarm removes the stopped tasks of the release before when it comes to it.
    await expect
      .poll(async () => (await inventoryOf(server)).containers.length, { timeout: 60_000 })
      .toBeLessThanOrEqual(before.containers.length)
    const images = await on('docker image ls --digests --format "{{.Repository}}" | grep -c limits')
    expect(Number(images)).toBe(2)
  })
})
