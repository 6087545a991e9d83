import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { StoreFault } from '../fault.ts'
import { s3Client } from './client.ts'
import { removeObject } from './objects.ts'

// Services that differ from the one that the scenario has.

const signal = new AbortController().signal
let answer = { status: 404, body: '<Error><Code>NoSuchKey</Code></Error>' }
const service = createServer((_request, response) => {
  response.writeHead(answer.status)
  response.end(answer.body)
})
let client: ReturnType<typeof s3Client>

beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  client = s3Client({
    endpoint: `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
    region: 'us-east-1',
    bucket: 'backups',
    prefix: '',
    accessKeyId: 'id',
    secretAccessKey: 'secret',
  })
})

afterAll(() => new Promise((resolve) => service.close(resolve)))

it('takes a key that is not there for removed, where a service says so', async () => {
  await removeObject(client, 'a/b', signal)
})

it('does not take a missing bucket for that', async () => {
  answer = { status: 404, body: '<Error><Code>NoSuchBucket</Code></Error>' }
  await expect(removeObject(client, 'a/b', signal)).rejects.toThrow(StoreFault)
})
