import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { readBytes, sha256File, statOf } from '../io/host/durable.ts'
import { runScript } from '../io/ssh/script.ts'
import type { SshTarget } from '../io/ssh/target.ts'
import { Problem } from '../problem/problem.ts'
import { ownProgram } from './build.ts'
import { agentHome, agentProgram, compiled } from './program.ts'
import { runtimeFor } from './runtime.ts'

/** What a server must be before an agent can run on it, asked of any POSIX shell. */
const probeScript = `
uname -s; uname -m
id -u
if [ "$(id -u)" = 0 ]; then echo root; elif sudo -n true 2>/dev/null; then echo sudo; else echo no-sudo; fi
if [ -d /run/systemd/system ]; then echo systemd; else echo no-systemd; fi
readlink ${agentHome}/node 2>/dev/null || echo none
df -Pk /usr/local | awk 'NR==2 {print $4}'
`

/**
 * Receives one file on stdin, after a line "kind hash size": it is kept only when its SHA-256 is the
 * one announced, since a cut upload looks like an end of file here. The program's own name is its
 * hash, so that two versions stay side by side.
 */
const receiveScript = `
set -eu
umask 022
read -r kind hash size
case "$kind" in runtime|program) ;; *) exit 64 ;; esac
case "$hash" in *[!0-9a-f]*|"") exit 64 ;; esac
home=${agentHome}
mkdir -p "$home/$kind" /usr/local/bin
incoming="$home/$kind/.incoming.$$"
trap 'rm -f "$incoming"' EXIT
gzip -dc > "$incoming"
if ! echo "$hash  $incoming" | sha256sum -c --status; then echo "what arrived is damaged" >&2; exit 65; fi
if [ "$kind" = runtime ]; then
  chmod 755 "$incoming"; mv "$incoming" "$home/runtime/$hash"
  ln -sfn "runtime/$hash" "$home/node.new"; mv -T "$home/node.new" "$home/node"
else
  chmod 644 "$incoming"; mv "$incoming" "$home/program/$hash.mjs"
  ln -sfn "program/$hash.mjs" "$home/zarpe.mjs.new"; mv -T "$home/zarpe.mjs.new" "$home/zarpe.mjs"
  rm -rf "$home/compiled"
  printf '%s\\n' '#!/bin/sh' 'export NODE_COMPILE_CACHE=${compiled}' 'exec ${agentProgram}' > /usr/local/bin/.zarpe-agent
  chmod 755 /usr/local/bin/.zarpe-agent; mv /usr/local/bin/.zarpe-agent /usr/local/bin/zarpe-agent
fi
`

const diskNeededKb = 400_000

export type InstallReport = (text: string) => void

/**
 * Puts the agent on a server that may be bare: Zarpe's own Node runtime and this very program, both
 * named by their hash. What is there already is not sent again.
 */
export const installAgent = async (target: SshTarget, report: InstallReport): Promise<void> => {
  const probe = await probeServer(target)
  const runtime = await runtimeFor(probe.arch, report)
  const runtimeHash = await sha256File(runtime)
  if (probe.runtime !== `runtime/${runtimeHash}`) {
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
  await runScript(target, receiveScript, {
    asRoot: true,
    limitMs: 1_200_000,
    input: [`${kind} ${hash} ${packed.length}\n`, ...chunks(packed)],
  })
}

const probeServer = async (target: SshTarget) => {
  const printed = await runScript(target, probeScript, { limitMs: 30_000, acceptNewHostKey: true })
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
    fix: ['Log in as root for the set-up: zarpe setup root@<server>'],
  })

const fullDisk = (target: SshTarget, freeKb: number) =>
  new Problem({
    code: 'server/disk-full',
    summary: 'The server has too little free disk for the agent.',
    detail: `${target.text}: ${Math.round(freeKb / 1000)} MB free in /usr/local; ${diskNeededKb / 1000} MB are needed.`,
    fix: ['Free some space there: du -xh / | sort -h | tail'],
  })
