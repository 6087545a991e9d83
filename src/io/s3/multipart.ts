import { open } from 'node:fs/promises'
import type { OnBytes } from '../disk.ts'
import { StoreFault } from '../fault.ts'
import type { S3Client } from './client.ts'
import { md5Of } from './objects.ts'
import { elementsOf, textOf } from './xml.ts'

/** An upload that was begun and not ended; `at` in milliseconds since the epoch. */
export type Unfinished = { key: string; id: string; at: number }

type Part = { etag: string; bytes: number }

/** Parts held in memory at once. */
const partsAtOnce = 3
/** A service takes 10,000 parts of an object. */
const partsMax = 9_000

/** How large the parts of a file are: as asked, unless it would need too many. */
export const partSizeFor = (bytes: number, partBytes: number) =>
  Math.max(partBytes, Math.ceil(bytes / partsMax))

/** Uploads of keys that begin so. */
export const listUnfinished = async (
  client: S3Client,
  prefix: string,
  signal: AbortSignal,
): Promise<Unfinished[]> => {
  const { text } = await client.ask({ method: 'GET', query: { uploads: '', prefix } }, signal)
  return elementsOf(text, 'Upload').map((each) => ({
    key: textOf(each, 'Key'),
    id: textOf(each, 'UploadId'),
    at: Date.parse(textOf(each, 'Initiated')) || 0,
  }))
}

/** Ends an upload without an object; nothing happens if it has ended. */
export const abandon = async (client: S3Client, { key, id }: Unfinished, signal: AbortSignal) => {
  await client.ask({ method: 'DELETE', key, query: { uploadId: id } }, signal).catch((thrown) => {
    if (!(thrown instanceof StoreFault) || thrown.kind !== 'dropped') throw thrown
  })
}

/**
 * Sends a file in parts and makes one object of them. Parts that an earlier try sent are left out
 * when their MD5 is that of the file's. Nothing of it is to be seen before the end.
 */
export const uploadParts = async (
  client: S3Client,
  key: string,
  file: { path: string; bytes: number; partBytes: number },
  onBytes: OnBytes,
  signal: AbortSignal,
): Promise<void> => {
  const left = (await listUnfinished(client, key, signal)).filter((each) => each.key === key)
  const newest = left.toSorted((one, other) => other.at - one.at)[0]
  const id = newest?.id ?? (await begin(client, key, signal))
  const there = newest ? await partsOf(client, key, id, signal) : new Map<number, Part>()
  const source = await open(file.path, 'r')
  try {
    const count = Math.ceil(file.bytes / file.partBytes)
    const etags = new Map<number, string>()
    let next = 1
    let failed = false
    const sender = async () => {
      while (next <= count && !failed) {
        const number = next++
        try {
          const body = await readPart(source, file, number)
          const present = there.get(number)
          const same = present?.bytes === body.length && present.etag === md5Of(body, 'hex')
          etags.set(
            number,
            same ? present.etag : await sendPart(client, key, id, number, body, signal),
          )
          await onBytes(body.length, ...(same ? (['were there'] as const) : []))
        } catch (thrown) {
          failed = true
          throw thrown
        }
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: partsAtOnce }, sender))
    const wrong = ends.find((end) => end.status === 'rejected')
    if (wrong) throw wrong.reason
    await complete(client, key, id, etags, signal)
  } finally {
    await source.close()
  }
}

const begin = async (client: S3Client, key: string, signal: AbortSignal) => {
  const { text } = await client.ask({ method: 'POST', key, query: { uploads: '' } }, signal)
  return textOf(text, 'UploadId')
}

const partsOf = async (client: S3Client, key: string, id: string, signal: AbortSignal) => {
  const parts = new Map<number, Part>()
  for (let marker = '0'; ;) {
    const query = { uploadId: id, 'part-number-marker': marker }
    const { text } = await client.ask({ method: 'GET', key, query }, signal)
    for (const each of elementsOf(text, 'Part'))
      parts.set(Number(textOf(each, 'PartNumber')), {
        etag: bare(textOf(each, 'ETag')),
        bytes: Number(textOf(each, 'Size')),
      })
    const after = textOf(text, 'NextPartNumberMarker')
    if (textOf(text, 'IsTruncated') !== 'true' || Number(after) <= Number(marker)) return parts
    marker = after
  }
}

const readPart = async (
  source: Awaited<ReturnType<typeof open>>,
  file: { bytes: number; partBytes: number },
  number: number,
) => {
  const at = (number - 1) * file.partBytes
  const body = Buffer.allocUnsafe(Math.min(file.partBytes, file.bytes - at))
  for (let have = 0; have < body.length;) {
    const { bytesRead } = await source.read(body, have, body.length - have, at + have)
    if (bytesRead === 0) throw new Error('The local file became shorter while it was being sent.')
    have += bytesRead
  }
  return body
}

const sendPart = async (
  client: S3Client,
  key: string,
  id: string,
  number: number,
  body: Buffer,
  signal: AbortSignal,
) => {
  const query = { uploadId: id, partNumber: String(number) }
  const headers = { 'content-md5': md5Of(body) }
  const answer = await client.ask({ method: 'PUT', key, query, headers, body }, signal)
  return bare(answer.headers.get('etag') ?? '')
}

const complete = async (
  client: S3Client,
  key: string,
  id: string,
  etags: Map<number, string>,
  signal: AbortSignal,
) => {
  const parts = [...etags]
    .toSorted(([one], [other]) => one - other)
    .map(
      ([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>"${etag}"</ETag></Part>`,
    )
  const body = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`)
  const query = { uploadId: id }
  const { text } = await client.ask({ method: 'POST', key, query, body }, signal)
  // A service that has begun to answer can only tell of a failure in the text.
  if (text.includes('<Error>'))
    throw new StoreFault('dropped', `${key}: ${textOf(text, 'Code')} ${textOf(text, 'Message')}`)
}

const bare = (etag: string) => etag.replaceAll('"', '')
