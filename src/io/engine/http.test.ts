import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { json, stream } from './http.ts'

// An engine that says at once that it will answer; what it has to say comes later, or never.

const folder = mkdtempSync(join(tmpdir(), 'zarpe-engine-'))
const socket = join(folder, 'docker.sock')
const engine = createServer((request, response) => {
  response.flushHeaders()
  if (request.url === '/late') setTimeout(() => response.end('{"StatusCode":0}'), 600)
})

beforeAll(() => new Promise<void>((resolve) => engine.listen(socket, resolve)))
afterAll(() => {
  engine.closeAllConnections()
  engine.close()
  rmSync(folder, { recursive: true })
})

const call = (path: string, limitMs: number) => ({ method: 'POST', path, limitMs }) as const

describe('the limit of an engine call', () => {
  it('is that of the whole answer for JSON, also where it has begun', async () => {
    await expect(json(socket, call('/never', 50))).rejects.toThrow('engine/too-slow')
    expect(await json(socket, call('/late', 5_000))).toEqual({ StatusCode: 0 })
  })

  it('is that of the first byte for a stream, which may go on', async () => {
    const answer = await stream(socket, call('/late', 400))
    const parts: string[] = []
    for await (const part of answer.setEncoding('utf8')) parts.push(part as string)
    expect(parts.join('')).toBe('{"StatusCode":0}')
  })
})
