import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runtimeFor } from '../../src/agent/runtime.ts'
import { programPath } from '../../src/io/host/processes/program.ts'
import { ownProcessor } from '../../src/io/host/machine/processor.ts'
import { docker, dockerOk } from '../../src/lab/docker.ts'
import { isHubReachable } from '../../src/lab/hub.ts'
import { serveToo } from '../../src/lab/mirror.ts'
import { down } from '../../src/lab/vps.ts'
import { buildImages } from '../../src/release/build/build.run.ts'
import { type Builder, laptopBuilder } from '../../src/release/build/builder.ts'
import { openRegistry } from '../../src/release/build/registry.load.ts'
import { problemIn, zarpe, zarpeOk } from '../lab/cli.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'
import { service, shopApp } from '../twin.ts'

// The laptop has one processor and the server another, as with most laptops of one maker: what is built is
// for the server, and what could not run there is told before anything is changed.

const server = 'processor'
const domain = 'processor.example'
/** What this machine is not. */
const other = process.arch === 'x64' ? 'arm64' : 'x64'
/** As the format of Linux's programs, ELF, numbers processors. */
const machines = { arm64: 183, x64: 62 }
const folder = mkdtempSync(join(tmpdir(), 'zarpe-processor-'))
let project: Project
const options = () => ({ folder: project.folder, server })

beforeAll(async () => {
  const vps = await readyServer(server)
  await pointTo(vps, [domain])
  project = await projectFrom('hello', 'processor', domain)
  project.hurry()
})

afterAll(async () => {
  project?.remove()
  rmSync(folder, { recursive: true })
  await docker(['image', 'rm', '--force', madeForOther, ownImage])
  if (!process.env['ZARPE_KEEP']) await down(server)
})

/** A program named docker that notes what it is asked, and asks docker. */
const notedDocker = async () => {
  const [program, notes] = [join(folder, 'docker'), join(folder, 'asked')]
  const real = await programPath('docker')
  writeFileSync(program, `#!/bin/sh\necho "$*" >> '${notes}'\nexec '${real}' "$@"\n`)
  chmodSync(program, 0o755)
  return { path: `${folder}:${process.env['PATH']}`, asked: () => readFileSync(notes, 'utf8') }
}

/** Has the program take this machine for another: what a laptop with that processor would go through. */
const asOther = () => {
  const preload = join(folder, 'other.mjs')
  writeFileSync(preload, `Object.defineProperty(process, 'arch', { value: '${other}' })\n`)
  return `--import ${preload}`
}

describe('a laptop with another processor than its server', () => {
  it('builds for the server, and without a word for one like itself', async () => {
    const { path, asked } = await notedDocker()
    const env = { PATH: path, NODE_OPTIONS: asOther() }
    await zarpeOk(['deploy'], { ...options(), env })
    expect(asked()).toContain(`--platform linux/${ownProcessor()}`)
    rmSync(join(folder, 'asked'))
    project.version('2')
    await zarpeOk(['deploy'], { ...options(), env: { PATH: path } })
    expect(asked()).toMatch(/^build --tag /m)
    expect(asked()).not.toContain('--platform')
  })

  it('fetches the runtime of the agent from npm, once', async () => {
    const before = process.env['XDG_CACHE_HOME']
    process.env['XDG_CACHE_HOME'] = folder
    const reports: string[] = []
    try {
      const binary = await runtimeFor(other, (text) => reports.push(text))
      const [magic, machine] = [readFileSync(binary).subarray(0, 4), readFileSync(binary)[18]]
      expect(magic.toString('latin1')).toBe('\x7fELF')
      expect(machine).toBe(machines[other])
      expect(await runtimeFor(other, (text) => reports.push(text))).toBe(binary)
      expect(reports).toHaveLength(1)
    } finally {
      if (before === undefined) delete process.env['XDG_CACHE_HOME']
      else process.env['XDG_CACHE_HOME'] = before
    }
  })
})

/** The head of a program, in which a kernel reads for which processor it is. */
const foreignProgram = () => {
  const head = Buffer.alloc(64)
  head.write('\x7fELF\x02\x01\x01', 'latin1')
  head.writeUInt16LE(2, 16)
  head.writeUInt16LE(machines[other], 18)
  return head
}

/** Builds one service for a processor that this machine does not have, by its own engine. */
const builtForOther = async (dockerfile: string, own: Partial<Builder> = {}) => {
  const context = mkdtempSync(join(folder, 'context-'))
  writeFileSync(join(context, 'Dockerfile'), dockerfile)
  writeFileSync(join(context, 'data'), 'data')
  writeFileSync(join(context, 'program'), foreignProgram(), { mode: 0o755 })
  const opened = await openRegistry()
  try {
    const builder = laptopBuilder(opened, new AbortController().signal)
    const build = { context, dockerfile: null, dockerfileInline: null, target: null, args: {} }
    const web = service('web', { image: { from: 'build', build: { ...build, platform: null } } })
    const app = { ...shopApp([web]), services: [web], project: 'other-production' }
    return await buildImages(
      app,
      { ...builder, processor: ownProcessor(other), ...own },
      () => undefined,
    )
  } finally {
    await opened.registry.close()
  }
}

const ownImage = 'zarpe-build/other-production/web:latest'
const architecture = async () =>
  (await dockerOk(['image', 'inspect', '--format', '{{.Architecture}}', ownImage])).trim()

describe('an engine that is asked to build for another processor', () => {
  it('does, where the build runs no program', async () => {
    const { web } = await builtForOther('FROM scratch\nCOPY data /\n')
    expect(web!.digest).toMatch(/^sha256:/)
    expect(await architecture()).toBe(ownProcessor(other))
  })

  it('is asked once more, if it has built for another unasked', async () => {
    // As one elsewhere, of which this program does not know what it is.
    await builtForOther('FROM scratch\nCOPY data /\nLABEL a=b\n', { on: 'server' })
    expect(await architecture()).toBe(ownProcessor(other))
  })

  it('tells that it cannot, where it would have to run one, and what helps', async () => {
    const told = builtForOther('FROM scratch\nCOPY program /\nRUN ["/program"]\n')
    await expect(told).rejects.toThrow(/^image\/not-emulated/)
  })

  it('is not believed, where the Dockerfile says otherwise', async () => {
    // The newer builder would call the image what it was asked for, whatever is in it.
    const env = { ...process.env, DOCKER_BUILDKIT: '0' }
    const told = builtForOther(`FROM --platform=linux/${ownProcessor()} node:24-slim\n`, { env })
    await expect(told).rejects.toThrow(/^image\/built-for-other/)
  })
})

const madeForOther = 'zarpe-test/other-processor:1'

/** An image that a registry has for another processor alone. */
const foreignImage = async () => {
  if (await isHubReachable()) return other === 'arm64' ? 'arm64v8/busybox:1' : 'amd64/busybox:1'
  const input = 'FROM scratch\nLABEL made=for-another\n'
  const argv = ['build', '--platform', `linux/${ownProcessor(other)}`, '--tag', madeForOther, '-']
  await dockerOk(argv, { input })
  await serveToo(madeForOther, () => undefined)
  return madeForOther
}

it('an image that a registry has for another processor alone is refused, and nothing is changed', async () => {
  const image = await foreignImage()
  project.write('compose.yml', `${project.read('compose.yml')}  sidecar:\n    image: ${image}\n`)
  const before = (await zarpeOk(['status'], options())).events[0]!['release']
  const result = await zarpe(['deploy'], options())
  const problem = problemIn(result)
  expect(problem.code, result.stdout).toBe('image/other-processor')
  expect(problem.detail).toContain(`is there for ${ownProcessor(other)}`)
  expect(problem.detail).toContain(`the server has ${ownProcessor()}`)
  expect((await zarpeOk(['status'], options())).events[0]!['release']).toEqual(before)
})
