import { runOk } from '../../io/host/processes/process.ts'
import type { Runner } from '../../plan/runner.ts'

/** Makes a swarm of one, or gives its settings to the swarm that is there. */
export const runSwarm: Runner<'server.swarm'> = async (params, context) => {
  const options = { limitMs: context.step.limitMs, signal: context.signal }
  const format = ['info', '--format', '{{.Swarm.LocalNodeState}}']
  const state = (await runOk('docker', format, options)).stdout.trim()
  const settings = [
    ...['--task-history-limit', String(params.taskHistoryLimit)],
    ...['--dispatcher-heartbeat', `${params.heartbeatSeconds}s`],
  ]
  if (state === 'active') {
    await runOk('docker', ['swarm', 'update', ...settings], options)
    return
  }
  await runOk(
    'docker',
    [
      'swarm',
      'init',
      '--advertise-addr',
      params.address,
      '--listen-addr',
      `${params.address}:2377`,
      '--data-path-addr',
      params.address,
      '--default-addr-pool',
      params.addressPool,
      '--default-addr-pool-mask-length',
      '24',
      ...settings,
    ],
    options,
  )
}
