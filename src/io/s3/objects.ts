import { createHash } from 'node:crypto'
import type { OnBytes, Reading } from '../disk.ts'
import { StoreFault } from '../fault.ts'
import type { S3Client } from './client.ts'
import { elementsOf, textOf } from './xml.ts'

export type S3Object = { key: string; bytes: number }

/** A million keys, as a disk may have files. */
const pagesMax = 1_000
const resumesMax = 5

/** All objects whose keys begin so. */
export const listObjects = async (
  client: S3Client,
  prefix: string,
  signal: AbortSignal,
): Promise<S3Object[]> => {
  const objects: S3Object[] = []
  let token = ''
  for (let page = 0; page < pagesMax; page++) {
    const more: Record<string, string> = token ? { 'continuation-token': token } : {}
    const query = { 'list-type': '2', 'encoding-type': 'url', prefix, ...more }
    const { text } = await client.ask({ method: 'GET', query }, signal)
    for (const each of elementsOf(text, 'Contents'))
      objects.push({ key: decoded(textOf(each, 'Key')), bytes: Number(textOf(each, 'Size')) })
    token = textOf(text, 'NextContinuationToken')
    if (textOf(text, 'IsTruncated') !== 'true' || !token) return objects
  }
  throw new StoreFault('too-many', `more than ${pagesMax} pages of keys begin with ${prefix}`)
}

/** A key that is no URL in the answer is none of ours. */
const decoded = (key: string): string => {
  try {
    return decodeURIComponent(key)
  } catch {
    return ''
  }
}

/** An object's size, or null if there is none; asked so that a refusal comes with its reason. */
export const sizeOf = async (client: S3Client, key: string, signal: AbortSignal) => {
  const query = { 'list-type': '2', 'encoding-type': 'url', prefix: key, 'max-keys': '1' }
  const { text } = await client.ask({ method: 'GET', query }, signal)
  const [first = ''] = elementsOf(text, 'Contents')
  return decoded(textOf(first, 'Key')) === key ? Number(textOf(first, 'Size')) : null
}

/** Reads an object whole, in order; a line that is lost is taken up at the byte where it was. */
export const readObject = async (
  client: S3Client,
  key: string,
  bytes: number,
  onPiece: (piece: Uint8Array) => void | Promise<void>,
  { onBytes, signal }: { onBytes: OnBytes; signal: AbortSignal },
): Promise<Reading> => {
  const hash = createHash('sha256')
  let have = 0
  const take = async (piece: Uint8Array) => {
    have += piece.length
    hash.update(piece)
    await onPiece(piece)
    await onBytes(piece.length)
  }
  for (let resumes = 0; ; resumes++) {
    if (have === bytes) return { bytes, sha256: hash.digest('hex') }
    const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {}
    try {
      await client.stream({ method: 'GET', key, headers }, take, signal)
      if (have !== bytes) throw new StoreFault('damaged', `${key} has ${have} bytes, not ${bytes}`)
    } catch (thrown) {
      const passing = thrown instanceof StoreFault && thrown.kind === 'dropped'
      if (!passing || resumes >= resumesMax) throw thrown
    }
  }
}

/** Writes a small object at once. */
export const writeObject = async (
  client: S3Client,
  key: string,
  body: Uint8Array,
  signal: AbortSignal,
) => {
  await client.ask({ method: 'PUT', key, body, headers: { 'content-md5': md5Of(body) } }, signal)
}

/** Nothing happens if there is none, which some services call a fault. */
export const removeObject = async (client: S3Client, key: string, signal: AbortSignal) => {
  try {
    await client.ask({ method: 'DELETE', key }, signal)
  } catch (thrown) {
    if (!(thrown instanceof StoreFault) || thrown.kind !== 'no-file') throw thrown
  }
}

export const md5Of = (body: Uint8Array, form: 'base64' | 'hex' = 'base64') =>
  createHash('md5').update(body).digest(form)
