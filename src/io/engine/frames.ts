import type { Readable } from 'node:stream'

/** One piece of a container's output. */
export type Frame = { from: 'stdout' | 'stderr'; data: Buffer }

/**
 * Splits the engine's multiplexed stream (8-byte header: stream, three zeros, length) into frames.
 * Source: "Stream format" in the Engine API reference, containers/attach.
 */
export async function* frames(source: Readable): AsyncGenerator<Frame> {
  let buffer: Buffer = Buffer.alloc(0)
  for await (const part of source) {
    buffer = Buffer.concat([buffer, part as Buffer])
    while (buffer.length >= 8) {
      const length = buffer.readUInt32BE(4)
      if (buffer.length < 8 + length) break
      yield { from: buffer[0] === 2 ? 'stderr' : 'stdout', data: buffer.subarray(8, 8 + length) }
      buffer = buffer.subarray(8 + length)
    }
  }
}
