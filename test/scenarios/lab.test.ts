import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../src/io/host/processes/process.ts'
import {
  acme,
  directoryCertificate,
  ensureAcme,
  rootCertificate,
  setDns,
} from '../../src/lab/acme.ts'
import { labUp } from '../../src/lab/lab.ts'
import { down, list, restart, sshTarget, up } from '../../src/lab/vps.ts'

// One obligation: what a team does on a hoster's new server, it can do on the lab's.

const name = 'labtest'
const report = (line: string) => process.stderr.write(`  lab: ${line}\n`)
const upLimitMs = 15 * 60_000
const folder = mkdtempSync(join(tmpdir(), 'zarpe-labtest-'))
const stepLimitMs = 5 * 60_000

/** Logs in as anybody would, with the plain client and the file the lab wrote. */
const ssh = async (command: string, input = '') => {
  const { configFile, host } = await sshTarget(name)
  return run('ssh', ['-F', configFile, host, command], { input, limitMs: stepLimitMs })
}

const sshOk = async (command: string, input = '') => {
  const result = await ssh(command, input)
  expect(result, `${command}\n${result.stderr}`).toMatchObject({ code: 0 })
  return result.stdout.trim()
}

beforeAll(async () => {
  await labUp(report)
  await down(name)
  await up({ name }, report)
}, upLimitMs)

afterAll(async () => {
  rmSync(folder, { recursive: true })
  await down(name)
}, stepLimitMs)

describe.sequential('a bare server of the lab', () => {
  it(
    'has booted systemd and nothing that serves but sshd',
    async () => {
      expect(['running', 'degraded']).toContain(
        (await ssh('systemctl is-system-running')).stdout.trim(),
      )
      expect(await sshOk('. /etc/os-release; echo "$ID $VERSION_ID"')).toBe('debian 13')
      expect((await ssh('command -v docker dockerd nft iptables')).stdout).toBe('')
      // 127.0.0.11 is the resolver of the engine outside; the server does not use it.
      expect(await sshOk("ss -Hltn 'sport != :22 and not src 127.0.0.11'")).toBe('')
    },
    stepLimitMs,
  )

  it(
    'lets Docker be installed from the distribution',
    async () => {
      await sshOk(
        'apt-get update -qq && DEBIAN_FRONTEND=noninteractive ' +
          'apt-get install -y -qq --no-install-recommends docker.io docker-cli',
      )
      expect(await sshOk('systemctl is-active docker')).toBe('active')
    },
    stepLimitMs,
  )

  it(
    'runs a swarm, an overlay, and an official image on it',
    async () => {
      const { address } = await sshTarget(name)
      await sshOk(`docker swarm init --advertise-addr ${address}`)
      await sshOk('docker network create --driver overlay --attachable app')
      await sshOk(
        'docker run -d --name edge --restart always --network app -p 80:80 -p 443:443 caddy:2',
      )
      const ask = `fetch('http://edge/').then((answer) => console.log(answer.headers.get('server')))`
      expect(await sshOk('docker run --rm -i --network app node:24-slim -', ask)).toBe('Caddy')
      expect((await fetch(`http://${address}/`)).headers.get('server')).toBe('Caddy')
    },
    stepLimitMs,
  )

  it(
    'keeps its address, its swarm and its containers over a reboot',
    async () => {
      const { address } = await sshTarget(name)
      await restart(name)
      expect((await sshTarget(name)).address).toBe(address)
      expect(await sshOk('docker info --format "{{.Swarm.LocalNodeState}}"')).toBe('active')
      const curl = [
        '-sS',
        '--retry',
        '30',
        '--retry-all-errors',
        '--retry-delay',
        '1',
        '-o',
        '/dev/null',
      ]
      expect((await run('curl', [...curl, `http://${address}/`])).code).toBe(0)
    },
    stepLimitMs,
  )

  it(
    'gets a certificate for a name whose address the lab set',
    async () => {
      const { address } = await sshTarget(name)
      await ensureAcme(report)
      await setDns('labtest.example', address)
      const file = `{
  acme_ca ${acme.directory}
  acme_ca_root /data/lab.pem
}
labtest.example {
  respond "certified"
}
`
      await sshOk('docker exec -i edge sh -c "cat > /data/lab.pem"', await directoryCertificate())
      await sshOk('docker exec -i edge sh -c "cat > /etc/caddy/Caddyfile"', file)
      await sshOk('docker exec edge caddy reload --config /etc/caddy/Caddyfile')
      const where = ['--resolve', `labtest.example:443:${address}`]
      const patience = ['--retry', '30', '--retry-all-errors', '--retry-delay', '1']
      const root = join(folder, 'root.pem')
      writeFileSync(root, await rootCertificate())
      const trust = ['--cacert', root, 'https://labtest.example/']
      const result = await run('curl', ['-sS', ...where, ...patience, ...trust])
      expect(result.stdout, result.stderr).toBe('certified')
    },
    stepLimitMs,
  )

  it(
    'is gone without a trace when it is taken down',
    async () => {
      await down(name)
      expect((await list()).map((vps) => vps.name)).not.toContain(name)
      const volumes = await run('docker', [
        'volume',
        'ls',
        '-q',
        '--filter',
        `name=zarpe-lab-${name}-`,
      ])
      expect(volumes.stdout).toBe('')
    },
    stepLimitMs,
  )
})
