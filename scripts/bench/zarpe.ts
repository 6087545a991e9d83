import { connectAgent } from '../../src/io/ssh/connect.ts'
import { parseTarget } from '../../src/io/ssh/target.ts'
import { sshConfigFile } from '../../src/lab/keys.ts'
import { acmeSettings } from '../../src/lab/trust.ts'
import { down, up } from '../../src/lab/vps.ts'
import { type CliResult, zarpeOk } from '../../test/lab/cli.ts'
import { type Project, projectFrom } from '../../test/lab/project.ts'
import { pointTo } from '../../test/lab/server.ts'
import { buildMs, lostDuring, median, overheadMs, stepTimes, watchAgent } from './measure.ts'

const server = 'bench'
const domain = 'bench.example'
const quiet = () => undefined

export type Figures = {
  setupMs: number
  firstMs: number
  bareToHttpsMs: number
  releaseMs: number
  overheadMs: number
  buildMs: number
  steps: Record<string, number>
  exchanges: number
  unchangedMs: number
  rollbackToTrafficMs: number
  rollbackStartMs: number
  bigImage: { bytes: number; ms: number; imageMb: number }
  lost: { sent: number; lost: number }
  agentStartMs: number
  memory: { peakMb: number; leftMb: number }
}

export const measureZarpe = async (rounds: number): Promise<Figures> => {
  const vps = await up({ name: server, image: 'debian-13' }, quiet)
  const project = await projectFrom('hello', 'bench', domain)
  try {
    await pointTo(vps, [domain])
    const bare = Date.now()
    const setup = await zarpeOk(['setup', `root@${server}`])
    const options = { folder: project.folder, server }
    const first = await zarpeOk(['deploy'], options)
    const bareToHttpsMs = Date.now() - bare
    const target = {
      url: `https://${domain}`,
      address: vps.address,
      ca: (await acmeSettings()).issuingRoot,
    }
    const release = (version: string) => {
      project.version(version)
      return zarpeOk(['deploy'], options)
    }
    const releases = await repeat(rounds, (round) => release(`1.${round}.0`))
    // By itself: who asks ten times a second takes a part of the machine.
    const watch = watchAgent(server)
    await release('2.0.0')
    const memory = await watch.stop()
    const unchanged = await repeat(rounds, () => zarpeOk(['deploy'], options))
    const lost = await lostDuring(target, async () => {
      project.version('3.0.0')
      await zarpeOk(['deploy'], options)
      await zarpeOk(['rollback'], options)
    })
    const rollbacks = await repeat(2, () => rollback(options, project))
    return {
      setupMs: setup.ms,
      firstMs: first.ms,
      bareToHttpsMs,
      releaseMs: median(releases.map(({ ms }) => ms)),
      overheadMs: median(releases.map(overheadMs)),
      buildMs: median(releases.map(buildMs)),
      steps: medianSteps(releases),
      exchanges: Number(releases[0]!.events.at(-1)!['exchanges']),
      unchangedMs: median(unchanged.map(({ ms }) => ms)),
      rollbackToTrafficMs: median(rollbacks.map(({ toTrafficMs }) => toTrafficMs)),
      rollbackStartMs: median(rollbacks.map(({ startMs }) => startMs)),
      bigImage: await bigImage(project, options),
      lost,
      agentStartMs: median(await repeat(rounds, agentStart)),
      memory,
    }
  } finally {
    project.remove()
    await down(server)
  }
}

const repeat = async <Result>(times: number, act: (round: number) => Promise<Result>) => {
  const results: Result[] = []
  for (let round = 1; round <= times; round++) results.push(await act(round))
  return results
}

const medianSteps = (results: CliResult[]) => {
  const all = results.map(stepTimes)
  const kinds = [...new Set(all.flatMap((times) => Object.keys(times)))]
  return Object.fromEntries(
    kinds.map((kind) => [kind, median(all.map((times) => times[kind] ?? 0))]),
  )
}

type Options = { folder: string; server: string }

/** From the command to the moment at which the edge is proven to be answered by the old release. */
const rollback = async (options: Options, project: Project) => {
  project.version(`4.${Date.now()}`)
  await zarpeOk(['deploy'], options)
  const result = await zarpeOk(['rollback'], options)
  const times = stepTimes(result)
  const after = (times['service.retire'] ?? 0) + (times['release.commit'] ?? 0)
  const proof = result.events.find(
    (event) => event['type'] === 'step.done' && event['id'] === 'edge.prove/only',
  )
  const second = Number(proof?.['ms'] ?? 0)
  return { toTrafficMs: result.ms - after - second, startMs: times['service.await'] ?? 0 }
}

const bigImageMb = 500

/** A 1 MB change on top of an image of half a gigabyte. */
const bigImage = async (project: Project, options: Options) => {
  const dockerfile = project.read('Dockerfile')
  const layer = `RUN head -c ${(bigImageMb - 120) * 1_000_000} /dev/urandom > /opt/weights\n`
  project.write(
    'Dockerfile',
    `${dockerfile.replace(/^(FROM .*)$/m, `$1\nUSER root\n${layer}`)}\nUSER root\nCOPY change /opt/change\nUSER node\n`,
  )
  project.write('change', '0'.repeat(1_000_000))
  await zarpeOk(['deploy'], options)
  const { randomBytes } = await import('node:crypto')
  project.write('change', randomBytes(750_000).toString('base64'))
  const result = await zarpeOk(['deploy'], options)
  return {
    bytes: Number(result.events.at(-1)!['bytesShipped']),
    ms: stepTimes(result)['image.pull'] ?? 0,
    imageMb: bigImageMb,
  }
}

const agentStart = async () => {
  process.env['ZARPE_SSH_CONFIG'] = sshConfigFile()
  const started = Date.now()
  const connection = await connectAgent(parseTarget(`deploy@${server}`))
  const ms = Date.now() - started
  await connection.close()
  return ms
}
