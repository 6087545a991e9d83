import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TrafficOptions } from './model.ts'
import { countText, type Tally } from './tally.ts'
import type { Target } from './target.ts'

const reopenAfterMs = 250

/** Keeps server-sent event streams open until `stopped` ends them. */
export const keepEventStreams = (
  options: TrafficOptions,
  target: Target,
  tally: Tally,
  stopped: AbortSignal,
) =>
  Promise.all(
    Array.from({ length: options.eventStreams }, async () => {
      while (!stopped.aborted) {
        await live(options, target, tally, stopped)
        if (!stopped.aborted) await sleep(reopenAfterMs)
      }
    }),
  )

/** One stream's life, from its request to its end. */
const live = (options: TrafficOptions, target: Target, tally: Tally, stopped: AbortSignal) =>
  new Promise<void>((resolve) => {
    const counts = tally.eventStreams
    const fail = (text: string) => {
      if (stopped.aborted) return
      countText(counts.errors, text)
      tally.noteFailure('events', text)
    }
    let answered = false
    const sent = (target.secure ? secureRequest : plainRequest)({
      host: target.address,
      port: target.port,
      path: options.paths.events,
      agent: false,
      headers: { host: target.authority, accept: 'text/event-stream' },
      ...(target.secure ? { servername: target.name, ca: target.ca } : {}),
      signal: stopped,
    })
    sent.on('response', (response) => {
      answered = true
      if (response.statusCode !== 200) {
        counts.failed++
        fail(`status ${response.statusCode}`)
        sent.destroy()
        return
      }
      counts.opened++
      response.on('data', (part: Buffer) => {
        counts.messages += part.toString('latin1').split('\n\n').length - 1
      })
      response.on('end', () => {
        if (!stopped.aborted) counts.ended++
      })
      response.on('error', (error: NodeJS.ErrnoException) => {
        if (!stopped.aborted) counts.cut++
        fail(`cut: ${error.code ?? error.message}`)
      })
    })
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (answered) return
      if (!stopped.aborted) counts.failed++
      fail(error.code ?? error.message)
    })
    sent.on('close', () => {
      if (answered && !stopped.aborted) tally.streamEnded(counts)
      resolve()
    })
    sent.end()
  })
