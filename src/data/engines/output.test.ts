import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { readOutput } from './output.run.ts'

const frame = (data: Buffer, from = 1) => {
  const header = Buffer.alloc(8)
  header[0] = from
  header.writeUInt32BE(data.length, 4)
  return Buffer.concat([header, data])
}

it('reads a sign whole that comes in two parts, whatever else comes between', async () => {
  const streams = new PassThrough()
  const output = readOutput(streams)
  const [text, said] = [Buffer.from('größe\nmark\n'), Buffer.from('ärger')]
  streams.write(Buffer.concat([frame(text.subarray(0, 3)), frame(said.subarray(0, 1), 2)]))
  streams.write(Buffer.concat([frame(text.subarray(3)), frame(said.subarray(1), 2)]))
  expect(await output.until('mark')).toBe('größe\n')
  streams.end()
  await output.ended
  expect(output.errors()).toBe('ärger')
})

it('refuses a second asker, who would take what the first waits for', async () => {
  const streams = new PassThrough()
  const output = readOutput(streams)
  const first = output.until('one')
  await expect(output.until('two')).rejects.toThrow('twice at once')
  streams.end(frame(Buffer.from('1\none\n2\ntwo\n')))
  expect(await first).toBe('1\n')
  expect(await output.until('two')).toBe('2\n')
})
