import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { readBytes, sha256File, statOf } from '../io/host/files/durable.ts'
import { asRoot } from '../io/ssh/problems.ts'
import { runScript } from '../io/ssh/script.ts'
import type { SshTarget } from '../io/ssh/target.ts'
import { Problem } from '../problem/problem.ts'
import { ownProgram } from './build.ts'
import { probeScript, receiveScript } from './install-scripts.ts'
import { agentHome, agentProgram, compiled } from './program.ts'
import { runtimeFor } from './runtime.ts'

const place = { home: agentHome, bin: '/usr/local/bin' }
const launcher = ['#!/bin/sh', `export NODE_COMPILE_CACHE=${compiled}`, `exec ${agentProgram}`]

const diskNeededKb = 400_000

export type InstallReport = (text: string) => void

/**
 * Puts the agent on a server that may be bare: Zarpe's own Node runtime and this very program, both
 * named by their hash. A runtime that is there and whole is not sent again; an older one goes.
 */
export const installAgent = async (target: SshTarget, report: InstallReport): Promise<void> => {
  const probe = await probeServer(target)
  const runtime = await runtimeFor(probe.arch, report)
  const runtimeHash = await sha256File(runtime)
  if (probe.runtime !== runtimeHash) {
    const size = Math.round(((await statOf(runtime))?.size ?? 0) / 1e6)
    report(`sending the agent's runtime (Node, ${size} MB before compression)`)
    await send(target, 'runtime', runtimeHash, await readBytes(runtime))
  }
  const program = await ownProgram()
  report('sending the agent')
  await send(target, 'program', createHashOf(program), program)
}

const send = async (target: SshTarget, kind: string, hash: string, content: Uint8Array) => {
  const packed = gzipSync(content, { level: 1 })
  await runScript(target, receiveScript(place, launcher), {
    asRoot: true,
    limitMs: 1_200_000,
    input: [`${kind} ${hash} ${packed.length}\n`, ...chunks(packed)],
  })
}

const probeServer = async (target: SshTarget) => {
  const options = { limitMs: 30_000, acceptNewHostKey: true }
  const printed = await runScript(target, probeScript(place), options)
  const [system = '', machine = '', , root = '', init = '', runtime = '', freeKb = '0'] = printed
    .split('\n')
    .map((line) => line.trim())
  if (system !== 'Linux' || init !== 'systemd')
    throw unsuitable(target, `it runs ${system || 'an unknown system'}, ${init}`)
  if (root === 'no-sudo') throw noSudo(target)
  if (Number(freeKb) < diskNeededKb) throw fullDisk(target, Number(freeKb))
  const arch = { x86_64: 'x64', aarch64: 'arm64' }[machine]
  if (!arch) throw unsuitable(target, `its processor is ${machine}`)
  return { arch, runtime }
}

const createHashOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')

function* chunks(content: Uint8Array) {
  for (let at = 0; at < content.length; at += 1_048_576) yield content.subarray(at, at + 1_048_576)
}

const unsuitable = (target: SshTarget, why: string) =>
  new Problem({
    code: 'server/unsuitable',
    summary: 'Zarpe cannot set up this server.',
    detail: `${target.text}: ${why}; it needs Linux with systemd on x86_64 or aarch64.`,
    fix: ['Use Debian 12 or 13, or Ubuntu 22.04 or 24.04.'],
  })

const noSudo = (target: SshTarget) =>
  new Problem({
    code: 'ssh/no-sudo',
    summary: 'This user may not become root on the server.',
    detail: `${target.text}: sudo asks for a password or forbids it.`,
    fix: [`Log in as root, or as a user who may use sudo: zarpe setup ${asRoot(target)}`],
  })

const fullDisk = (target: SshTarget, freeKb: number) =>
  new Problem({
    code: 'server/disk-full',
    summary: 'The server has too little free disk for the agent.',
    detail: `${target.text}: ${Math.round(freeKb / 1000)} MB free in /usr/local; ${diskNeededKb / 1000} MB are needed.`,
    fix: ['Free some space there: du -xh / | sort -h | tail'],
  })
