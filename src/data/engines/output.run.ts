import type { Duplex } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { frames } from '../../io/engine/frames.ts'

/**
 * Collects what a client program prints, and gives what stands before a mark; null if it ended without one. It is asked
 * for one mark at a time: a second asker would be given what the first waits for.
 */
export const readOutput = (streams: Duplex) => {
  let text = ''
  let errors = ''
  // A frame may end in the middle of a sign.
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') }
  let isOver = false
  let isAsked = false
  let woken: () => void = () => undefined
  const ended = (async () => {
    try {
      for await (const { from, data } of frames(streams)) {
        const part = decoders[from].write(data)
        if (from === 'stdout') text += part
        else errors = (errors + part).slice(-8_000)
        woken()
      }
    } finally {
      isOver = true
      woken()
    }
  })()
  ended.catch(() => undefined)
  return {
    ended,
    errors: () => errors,
    until: async (mark: string): Promise<string | null> => {
      if (isAsked) throw new Error('a client program was asked twice at once')
      isAsked = true
      try {
        for (;;) {
          const at = text.indexOf(`${mark}\n`)
          if (at >= 0) {
            const answer = text.slice(0, at)
            text = text.slice(at + mark.length + 1)
            return answer
          }
          if (isOver) return null
          await new Promise<void>((resolve) => {
            woken = resolve
          })
        }
      } finally {
        isAsked = false
      }
    },
  }
}
