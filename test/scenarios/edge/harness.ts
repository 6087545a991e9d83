import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { EdgeSteps } from '../../../src/edge/steps.ts'
import { runOk } from '../../../src/io/host/processes/process.ts'
import { labPath } from '../../../src/lab/home.ts'
import type { HarnessAnswer } from './entry.ts'

const limitMs = 300_000
const config = () => ['-F', labPath('ssh_config')]
const root = join(import.meta.dirname, '..', '..', '..')

/** Runs a constant command on the server. */
export const sshOk = async (server: string, command: string) =>
  (await runOk('ssh', [...config(), server, command], { limitMs })).stdout.trim()

/** Puts the harness, a Node of its own and the example app on the server. */
export const ship = async (server: string) => {
  const bundle = join(tmpdir(), `zarpe-edge-${process.pid}.mjs`)
  const entryPoints = [join(import.meta.dirname, 'entry.ts')]
  const built = await build({
    entryPoints,
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  })
  writeFileSync(bundle, built.outputFiles[0]!.contents)
  await runOk('scp', [...config(), '-q', process.execPath, `${server}:/root/node`], { limitMs })
  await runOk('scp', [...config(), '-q', bundle, `${server}:/root/edge.mjs`], { limitMs })
  const mirror = join(import.meta.dirname, 'mirror.mjs')
  await runOk('scp', [...config(), '-q', mirror, `${server}:/root/`], { limitMs })
  const hello = join(root, 'examples', 'hello')
  await runOk('scp', [...config(), '-qr', hello, `${server}:/root/`], { limitMs })
}

/** Lets the server do one step of the edge's, and look at the edge after it. */
export const act = async <Kind extends keyof EdgeSteps>(
  server: string,
  kind: Kind,
  params: EdgeSteps[Kind],
  stepLimitMs = 60_000,
): Promise<HarnessAnswer> => {
  const step = { id: kind, kind, target: 'edge', cause: 'a test', limitMs: stepLimitMs, params }
  const argv = [...config(), server, '/root/node /root/edge.mjs']
  const { stdout } = await runOk('ssh', argv, { limitMs, input: JSON.stringify([step]) })
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as HarnessAnswer
}

/** As `act`, but a problem is thrown with its whole text. */
export const actOk: typeof act = async (...given) => {
  const answer = await act(...given)
  if (answer.problem) throw new Error(JSON.stringify(answer.problem, null, 2))
  return answer
}
