import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable, Writable } from 'node:stream'

const age = () => import('age-encryption')

/**
 * Encrypts a file for age's public keys into another, and returns its size and SHA-256. What was
 * written is decrypted again, with the file's own key while it is known, and must be `sha256`: nobody
 * here could find out later that it is not. Throws if it is not.
 */
export const encryptFile = async (
  from: string,
  to: string,
  recipients: string[],
  sha256: string,
  signal: AbortSignal,
): Promise<{ bytes: number; sha256: string }> => {
  const { Encrypter, Decrypter } = await age()
  let fileKey: Uint8Array | null = null
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
  const decrypter = new Decrypter()
  decrypter.addIdentity({ unwrapFileKey: () => fileKey })
  const plain = createHash('sha256')
  for await (const part of await decrypter.decrypt(webStream(to))) {
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
  return { bytes, sha256: whole.digest('hex') }
}

const chunkBytes = 1024 * 1024

const webStream = (path: string) =>
  Readable.toWeb(
    createReadStream(path, { highWaterMark: chunkBytes }),
  ) as unknown as ReadableStream<Uint8Array>

const fileStream = (path: string) =>
  Writable.toWeb(createWriteStream(path, { mode: 0o600 })) as WritableStream<Uint8Array>
