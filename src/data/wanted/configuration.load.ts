import { dirname, relative, resolve } from 'node:path'
import { locate, type Located } from '../../config/places.ts'
import { contractFile } from '../../contract/contract.load.ts'
import { absolute, readBytes, statOf } from '../../io/host/files/durable.ts'
import { encryptedFile } from '../../secrets/encrypted.load.ts'
import type { WrittenFile } from '../model.ts'

/**
 * The files that say how the product is made: zarpe.yml with what it names, the Compose files with those they take
 * in, the contract and the encrypted values, byte for byte. What is not there is left out.
 */
export const loadWritten = async (
  folder: string,
  environment: string,
  compose: Located[],
  named: string[],
): Promise<WrittenFile[]> => {
  const base = absolute(folder)
  const found = new Map<string, Buffer>()
  const take = async (path: string, valueOf: (bytes: Buffer) => unknown): Promise<void> => {
    const bytes = found.has(path) ? null : await bytesOf(path)
    if (!bytes) return
    found.set(path, bytes)
    for (const file of takenIn(valueOf(bytes))) await take(resolve(dirname(path), file), parsed)
  }
  for (const file of ['zarpe.yml', ...named, contractFile, encryptedFile(environment)])
    await take(resolve(base, file), () => null)
  for (const { file, value } of compose) await take(resolve(base, file), () => value)
  return [...found]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, bytes]) => ({ path: relative(base, path), base64: bytes.toString('base64') }))
}

const parsed = (bytes: Buffer): unknown => locate('', bytes.toString('utf8')).value

const bytesOf = async (path: string): Promise<Buffer | null> =>
  (await statOf(path))?.isFile() ? readBytes(path) : null

/** The files that a Compose file names with `include` and `extends`, relative to its own folder. */
const takenIn = (value: unknown): string[] => {
  const { include, services } = entries(value)
  const included = [include].flat().flatMap((each) => {
    const paths = typeof each === 'string' ? each : entries(each)['path']
    return [paths].flat()
  })
  const extended = Object.values(entries(services)).map(
    (service) => entries(entries(service)['extends'])['file'],
  )
  return [...included, ...extended].filter((path) => typeof path === 'string')
}

/** What a file says may be of any form; it has been judged elsewhere. */
const entries = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
