import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable, Writable } from 'node:stream'
import { readHead } from './files.ts'

// Files of age, whole, by their file keys. The library is loaded when it is needed.

const age = () => import('age-encryption')

/**
 * Encrypts a file for age's public keys into another, and returns its size, its SHA-256, and the key
 * of this one file. What was written is decrypted again and must be `sha256`: nobody here could find
 * out later that it is not. Throws if it is not.
 */
export const encryptFile = async (
  from: string,
  to: string,
  recipients: string[],
  sha256: string,
  signal: AbortSignal,
): Promise<{ bytes: number; sha256: string; fileKey: Uint8Array }> => {
  const { Encrypter } = await age()
  let fileKey = new Uint8Array()
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  encrypter.addRecipient({
    wrapFileKey: (key) => {
      fileKey = Uint8Array.from(key)
      return []
    },
  })
  const encrypted = await encrypter.encrypt(webStream(from))
  await encrypted.pipeTo(fileStream(to), { signal })
  const file = await open(to, 'r')
  await file.sync()
  await file.close()
  const plain = createHash('sha256')
  for await (const part of await decrypted(to, fileKey)) {
    signal.throwIfAborted()
    plain.update(part)
  }
  if (plain.digest('hex') !== sha256)
    throw new Error('what was encrypted does not decrypt to itself')
  const whole = createHash('sha256')
  let bytes = 0
  for await (const part of createReadStream(to) as AsyncIterable<Buffer>) {
    bytes += part.length
    whole.update(part)
  }
  return { bytes, sha256: whole.digest('hex'), fileKey }
}

/** Decrypts a file with its own key into another, and returns what came out. Throws if the key is another's. */
export const decryptFile = async (from: string, to: string, fileKey: Uint8Array) => {
  const hash = createHash('sha256')
  let bytes = 0
  const source = (await decrypted(from, fileKey)).pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (part, controller) => {
        bytes += part.length
        hash.update(part)
        controller.enqueue(part)
      },
    }),
  )
  await source.pipeTo(fileStream(to))
  return { bytes, sha256: hash.digest('hex') }
}

/** A new secret key of age. */
export const generateIdentity = async (): Promise<string> => (await age()).generateX25519Identity()

/** The public key of a secret one. */
export const recipientOf = async (identity: string): Promise<string> =>
  (await age()).identityToRecipient(identity)

/** Decrypts a file with a secret key of age into another. Throws if it is for others, or not as it was written. */
export const decryptWith = async (from: string, to: string, identity: string) => {
  const { Decrypter } = await age()
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  await (await decrypter.decrypt(webStream(from))).pipeTo(fileStream(to))
}

/** Longest header that is believed: a few hundred recipients. */
const headerBytesMax = 64 * 1024

/** The header of a file of age, from which its recipients learn its key; null if it is none. */
export const headerOf = async (path: string): Promise<Uint8Array | null> => {
  const text = (await readHead(path, headerBytesMax)).toString('latin1')
  const [header] = /^age-encryption\.org\/v1\n[\s\S]*?\n--- [A-Za-z0-9+/]+\n/.exec(text) ?? []
  return header === undefined ? null : Buffer.from(header, 'latin1')
}

/** The key of a file, by its header and secret keys of age; null if it is for others. */
export const fileKeyOf = async (
  header: Uint8Array,
  identities: string[],
): Promise<Uint8Array | null> => {
  const { Decrypter } = await age()
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  return decrypter.decryptHeader(header).catch(() => null)
}

const decrypted = async (path: string, fileKey: Uint8Array) => {
  const { Decrypter } = await age()
  const decrypter = new Decrypter()
  decrypter.addIdentity({ unwrapFileKey: () => fileKey })
  return decrypter.decrypt(webStream(path))
}

const chunkBytes = 1024 * 1024

const webStream = (path: string) =>
  Readable.toWeb(
    createReadStream(path, { highWaterMark: chunkBytes }),
  ) as unknown as ReadableStream<Uint8Array>

const fileStream = (path: string) =>
  Writable.toWeb(createWriteStream(path, { mode: 0o600 })) as WritableStream<Uint8Array>
