import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { trafficOptions, type TrafficInput, type TrafficReport } from './model.ts'

/** Traffic that is under way in a process of its own. */
export type Traffic = {
  /** Ends it, waits for what is under way, and says what happened to every request. */
  stop: () => Promise<TrafficReport>
}

export type ToChild = { start: ReturnType<typeof trafficOptions> } | { stop: true }
export type FromChild = { started: true } | { report: TrafficReport }

const startLimitMs = 15_000

/**
 * Starts traffic in a process of its own, so that neither side's work disturbs the other's clock,
 * and resolves once it sends. A caller that dies takes the traffic with it.
 */
export const startTraffic = async (input: TrafficInput): Promise<Traffic> => {
  const options = trafficOptions(input)
  const child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const started = nextMessage(child, 'started', startLimitMs)
  child.send({ start: options } satisfies ToChild)
  await started
  return {
    stop: async () => {
      const reported = nextMessage(child, 'report', options.limitMs + 20_000)
      child.send({ stop: true } satisfies ToChild)
      const message = (await reported) as Extract<FromChild, { report: unknown }>
      child.disconnect()
      return message.report
    },
  }
}

const nextMessage = (child: ChildProcess, name: string, limitMs: number) =>
  new Promise<FromChild>((resolve, reject) => {
    const end = (act: () => void) => {
      clearTimeout(timer)
      child.off('message', onMessage)
      child.off('exit', onExit)
      act()
    }
    const onMessage = (message: FromChild) => {
      if (name in message) end(() => resolve(message))
    }
    const onExit = (code: number | null) =>
      end(() => reject(new Error(`the traffic process ended (${code}) before "${name}"`)))
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      end(() => reject(new Error(`the traffic process sent no "${name}" in ${limitMs / 1000} s`)))
    }, limitMs)
    child.on('message', onMessage)
    child.on('exit', onExit)
  })
