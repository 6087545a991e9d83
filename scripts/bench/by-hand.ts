import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, runOk } from '../../src/io/host/processes/process.ts'
import { dockerOk } from '../../src/lab/docker.ts'
import { sshConfigFile } from '../../src/lab/keys.ts'
import { addresses } from '../../src/lab/network.ts'
import { down, up, type Vps } from '../../src/lab/vps.ts'
import { root } from '../bundle.ts'
import { lostDuring, median } from './measure.ts'

// What people do without a tool: build, push to a registry, `docker compose pull && up -d` over SSH.

const server = 'bench-hand'

/** Without TLS there is no HTTP/2. */
const plainMix = { 'get-reused': 8, 'get-new': 3, 'post-reused': 3, 'post-new': 2 }
const quiet = () => undefined

const ssh = (argv: string[], input?: string) =>
  run('ssh', ['-F', sshConfigFile(), `root@${server}`, ...argv], {
    limitMs: 120_000,
    ...(input === undefined ? {} : { input }),
  })

const compose = (tag: string) => `services:
  web:
    image: ${addresses.mirror}:5000/by-hand:${tag}
    ports: ["80:3000"]
    stop_grace_period: 15s
    healthcheck:
      test: [CMD, node, healthcheck.mjs]
      interval: 5s
      start_period: 20s
`

const release = async (folder: string, tag: string, registryPort: string) => {
  writeFileSync(join(folder, 'VERSION'), `${tag}\n`)
  const started = Date.now()
  const image = `127.0.0.1:${registryPort}/by-hand:${tag}`
  await runOk('docker', ['build', '--quiet', '--tag', image, folder])
  await runOk('docker', ['push', '--quiet', image])
  await ssh(['cat > /root/compose.yml'], compose(tag))
  const result = await ssh([
    'cd /root && docker compose pull -q && docker compose up -d --force-recreate --wait',
  ])
  if (result.code !== 0) throw new Error(result.stderr)
  return Date.now() - started
}

export type ByHand = { releaseMs: number; lost: number; sent: number }

export const measureByHand = async (rounds: number): Promise<ByHand> => {
  const vps: Vps = await up({ name: server, image: 'debian-13-docker' }, quiet)
  try {
    const folder = mkdtempSync(join(tmpdir(), 'zarpe-by-hand-'))
    await run('cp', ['-r', `${join(root, 'examples', 'hello')}/.`, folder])
    const ports = await dockerOk(['port', 'zarpe-lab-mirror', '5000/tcp'])
    const port = ports.trim().split('\n')[0]!.split(':').at(-1)!
    await release(folder, 'v0', port)
    const times: number[] = []
    const target = { url: 'http://by-hand.example', address: vps.address, ca: null }
    const { sent, lost } = await lostDuring({ ...target, mix: plainMix }, async () => {
      for (let round = 1; round <= rounds; round++)
        times.push(await release(folder, `v${round}`, port))
    })
    return { releaseMs: median(times), lost, sent }
  } finally {
    await down(server)
  }
}
