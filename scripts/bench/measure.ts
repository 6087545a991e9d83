import type { TrafficInput } from '../../src/lab/traffic/model.ts'
import { startTraffic } from '../../src/lab/traffic/traffic.ts'
import { inside } from '../../src/lab/vps.ts'
import type { CliResult } from '../../test/lab/cli.ts'

export const median = (values: number[]): number => {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`

/** Milliseconds of each kind of step in one run, summed. */
export const stepTimes = (result: CliResult): Record<string, number> => {
  const times: Record<string, number> = {}
  for (const event of result.events) {
    if (event['type'] !== 'step.done') continue
    const kind = String(event['id']).split('/')[0]!
    times[kind] = (times[kind] ?? 0) + Number(event['ms'])
  }
  return times
}

/** Milliseconds from the first note that reads like `from` to the first after it that reads like `to`; 0 if they did not come. */
export const msBetween = ({ events, arrivals }: CliResult, from: RegExp, to: RegExp): number => {
  const at = (what: RegExp, after: number) =>
    events.findIndex(
      ({ text }, index) => index > after && typeof text === 'string' && what.test(text),
    )
  const begun = at(from, -1)
  const ended = at(to, begun)
  return begun < 0 || ended < 0 ? 0 : arrivals[ended]! - arrivals[begun]!
}

/** Waits of the app itself, which no tool can shorten: its start with the watch, and its drain. */
const appsOwn = new Set(['service.await', 'service.retire', 'service.remove', 'job.run'])

/** How long the user's own `docker build` took, with the push into the registry beside the engine. */
export const buildMs = (result: CliResult): number =>
  Number(result.events.find(({ type }) => type === 'built')?.['ms'] ?? 0)

/** What the tool took on top of the build and the app's own start and drain. */
export const overheadMs = (result: CliResult): number => {
  const own = Object.entries(stepTimes(result)).filter(([kind]) => appsOwn.has(kind))
  return result.ms - buildMs(result) - own.reduce((sum, [, ms]) => sum + ms, 0)
}

/** Calls `act` under steady HTTPS traffic and says what was lost. */
export const lostDuring = async (target: TrafficInput, act: () => Promise<void>) => {
  const load = { ratePerSecond: 100, slowAtOnce: 4, webSockets: 2, eventStreams: 2 }
  const traffic = await startTraffic({ ...target, ...load })
  const ended = await act().then(
    () => null,
    (error: unknown) => ({ error }),
  )
  const report = await traffic.stop()
  if (ended) throw ended.error
  return { sent: report.total.sent, lost: report.total.failed }
}

/** Watches the agent's memory on a server until stopped: the peak of its resident set, in MB. */
export const watchAgent = (server: string) => {
  let peakKb = 0
  const end = new AbortController()
  const residentKb = async () => {
    const { stdout } = await inside(server, ['ps', '-eo', 'rss=,args='])
    const lines = stdout
      .split('\n')
      .filter((line) => /zarpe\.mjs agent/.test(line) && !/sudo/.test(line))
    return lines.reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[0]), 0)
  }
  const watching = (async () => {
    while (!end.signal.aborted) {
      peakKb = Math.max(peakKb, await residentKb())
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })()
  return {
    stop: async () => {
      end.abort()
      await watching
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      return { peakMb: peakKb / 1024, leftMb: (await residentKb()) / 1024 }
    },
  }
}
