import { createHash } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { defineFlow, sendFlow, takeFlow } from './flow.ts'
import { openWire } from './wire.ts'

const flow = defineFlow('test')
const signal = new AbortController().signal

const pair = () => {
  const [there, back] = [new PassThrough(), new PassThrough()]
  const ends = { taker: openWire(back, there), sender: openWire(there, back) }
  ends.taker.listen()
  ends.sender.listen()
  return ends
}

const megabytes = async function* (count: number, onEach: (index: number) => void) {
  for (let index = 0; index < count; index++) {
    onEach(index)
    yield Buffer.alloc(1024 * 1024, index)
  }
}

/** A sender whose stream nobody reads: the other end stands still. */
const unread = () => openWire(new PassThrough(), new PassThrough())

describe('a flow', () => {
  it.each([
    ['reads', unread],
    ['takes', () => pair().sender],
  ])('ends when the other end no longer %s', async (_what, open) => {
    const parts = megabytes(100, () => undefined)
    await expect(sendFlow(open(), flow, parts, signal, 1)).rejects.toThrow('wire/not-taken')
  })

  it('can be ended while nobody reads', async () => {
    const abort = new AbortController()
    const parts = megabytes(100, () => undefined)
    const sending = sendFlow(unread(), flow, parts, abort.signal)
    setImmediate(() => abort.abort(new Error('enough')))
    await expect(sending).rejects.toThrow('enough')
  })

  it('brings every byte, in order', async () => {
    const { taker, sender } = pair()
    const hash = createHash('sha256')
    let bytes = 0
    takeFlow(taker, flow, (part) => {
      hash.update(part)
      bytes += part.length
    })
    const sent = await sendFlow(
      sender,
      flow,
      megabytes(12, () => undefined),
      signal,
    )
    expect(sent.bytes).toBe(12 * 1024 * 1024)
    // What was sent last is still on its way.
    while (bytes < sent.bytes) await new Promise((resolve) => setImmediate(resolve))
    expect(hash.digest('hex')).toBe(sent.sha256)
  })

  it('waits for a taker that does not keep up, and can be ended there', async () => {
    const { sender } = pair()
    const abort = new AbortController()
    let newest = 0
    const sending = sendFlow(
      sender,
      flow,
      megabytes(100, (index) => (newest = index)),
      abort.signal,
    ).catch((error: unknown) => error)
    const isBehind = () => newest < 8
    while (isBehind()) await new Promise((resolve) => setImmediate(resolve))
    for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(newest).toBe(8)
    abort.abort(new Error('enough'))
    expect(String(await sending)).toContain('enough')
  })
})
