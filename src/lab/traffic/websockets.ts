import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { TrafficOptions } from './model.ts'
import { countText, type Tally } from './tally.ts'
import type { Target } from './target.ts'

const echoEveryMs = 500
const reopenAfterMs = 250

/** Keeps WebSockets open, each with a message under way, until `stopped` ends them. */
export const keepWebSockets = (
  options: TrafficOptions,
  target: Target,
  tally: Tally,
  stopped: AbortSignal,
) =>
  Promise.all(
    Array.from({ length: options.webSockets }, async () => {
      while (!stopped.aborted) {
        const code = await live(options, target, tally, stopped)
        if (stopped.aborted) return
        tally.streamEnded(tally.webSockets)
        countText(tally.webSockets.closes, String(code))
        if (code === 1006) tally.noteFailure('websocket', 'cut without a close frame')
        await sleep(reopenAfterMs)
      }
    }),
  )

/** One connection's life; resolves with its close code (1006: cut without a close frame). */
const live = (options: TrafficOptions, target: Target, tally: Tally, stopped: AbortSignal) =>
  new Promise<number>((resolve) => {
    const scheme = target.secure ? 'wss' : 'ws'
    const socket = new WebSocket(
      `${scheme}://${target.address}:${target.port}${options.paths.webSocket}`,
      {
        headers: { host: target.authority },
        handshakeTimeout: options.limitMs,
        ...(target.secure ? { servername: target.name, ca: target.ca } : {}),
      },
    )
    let waiting: { text: string; sinceMs: number } | null = null
    let count = 0
    const say = () => {
      if (socket.readyState !== WebSocket.OPEN) return
      const lateMs = waiting ? performance.now() - waiting.sinceMs : null
      // A slow echo is not a lost one: the next message waits for it.
      if (lateMs !== null && lateMs < options.limitMs) return
      if (lateMs !== null) fail(tally, 'no echo in time')
      waiting = { text: `message ${count++}`, sinceMs: performance.now() }
      socket.send(waiting.text)
    }
    const timer = setInterval(say, echoEveryMs)
    const stop = () => socket.close(1000)
    stopped.addEventListener('abort', stop, { once: true })
    socket.on('open', () => {
      tally.webSockets.opened++
      say()
    })
    socket.on('message', (data: Buffer) => {
      if (data.toString() === waiting?.text) tally.webSockets.messages++
      else fail(tally, 'the echo differs from what was sent')
      waiting = null
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!stopped.aborted) fail(tally, error.code ?? error.message)
    })
    socket.on('close', (code) => {
      clearInterval(timer)
      stopped.removeEventListener('abort', stop)
      resolve(code)
    })
  })

const fail = (tally: Tally, text: string) => {
  tally.webSockets.failed++
  countText(tally.webSockets.errors, text)
  tally.noteFailure('websocket', text)
}
