import { spawn } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
// As a whole: an older Node lacks names in it, and must come far enough to be told so.
import * as zlib from 'node:zlib'
import { notStarted } from '../processes/process.ts'

// Whole trees of files, by the machine's own tar: it knows everything that a file can have.

/** Called with each piece of a tar; the next one waits until it has resolved. */
export type OnPart = (part: Buffer) => Promise<void> | void

export type TarEnd = { code: number; said: string[] }

const reading = [
  ...['--create', '--format=posix', '--sort=name', '--numeric-owner', '--sparse'],
  ...['--xattrs', '--xattrs-include=*', '--acls', '--quoting-style=escape'],
  '--pax-option=delete=atime,delete=ctime',
]

const writing = [
  ...['--extract', '--preserve-permissions', '--same-owner', '--numeric-owner'],
  ...['--xattrs', '--xattrs-include=*', '--acls', '--delay-directory-restore'],
]

/** Names in a file are names: no dash, backslash or star in one means anything. */
const namesIn = ['--null', '--verbatim-files-from', '--no-unquote', '--no-wildcards']

/** Packs what `names` has of a folder, each with all below it, into a tar that is not compressed. */
export const packNames = async ({
  folder,
  names,
  to,
  signal,
}: {
  folder: string
  names: string
  to: string
  signal: AbortSignal
}): Promise<TarEnd> => {
  const from = [...namesIn, `--files-from=${names}`]
  const tar = start([...reading, `--directory=${folder}`, ...from])
  await pipeline(tar.child.stdout, createWriteStream(to, { mode: 0o600 }), { signal })
  return tar.ended
}

/** Packs a tree into one file, compressed with zstd. Every byte of the tar passes by `onPart` first. */
export const packTree = async (
  { folder, to, signal }: { folder: string; to: string; signal: AbortSignal },
  onPart: OnPart,
): Promise<TarEnd> => {
  const tar = start([...reading, `--directory=${folder}`, '.'])
  await pipeline(tar.child.stdout, watched(onPart), compressor(), createWriteStream(to), { signal })
  await flush(to)
  return tar.ended
}

/** Reads a tree as `packTree` does, and keeps nothing of it. */
export const readTree = async (
  { folder, signal }: { folder: string; signal: AbortSignal },
  onPart: OnPart,
): Promise<TarEnd> => {
  const tar = start([...reading, `--directory=${folder}`, '.'])
  const drop = async (parts: AsyncIterable<Buffer>) => {
    for await (const part of parts) await onPart(part)
  }
  await pipeline(tar.child.stdout, drop, { signal })
  return tar.ended
}

/**
 * Unpacks what `packTree` has packed into a folder that is there, or of it what `names` has: a file with names as the
 * tar has them, each ended by a zero byte; of a folder all that is below. Throws if it cannot be decompressed.
 */
export const unpackTree = async ({
  from,
  folder,
  signal,
  names,
}: {
  from: string
  folder: string
  signal: AbortSignal
  names?: string
}): Promise<TarEnd> => {
  const only = names === undefined ? [] : [...namesIn, `--files-from=${names}`]
  const tar = start([...writing, `--directory=${folder}`, ...only])
  await decompressInto(tar, createReadStream(from), signal)
  return tar.ended
}

const decompressInto = async (
  { child }: ReturnType<typeof start>,
  from: Readable,
  signal: AbortSignal,
) => {
  try {
    await pipeline(from, zlib.createZstdDecompress(), child.stdin, { signal })
  } catch (error) {
    // Tar may hang up after the last entry, or because it failed: what it says of its end tells.
    const { code = '' } = error as NodeJS.ErrnoException
    if (!['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code)) throw error
    child.stdin.destroy()
  }
}

/**
 * The text of a file that is in a compressed tar, which is itself a file of a tar: neither is unpacked for it. Empty if there
 * is none such.
 */
export const readPacked = async (
  from: string,
  { packed, name, signal }: { packed: string; name: string; signal: AbortSignal },
): Promise<{ text: string; said: string[] }> => {
  const stream = ['--extract', '--to-stdout']
  const outer = start([...stream, `--file=${from}`, `./${packed}`])
  outer.child.stdin.end()
  const inner = start([...stream, name])
  const parts: Buffer[] = []
  const read = async () => {
    for await (const part of inner.child.stdout) parts.push(part as Buffer)
  }
  await Promise.all([decompressInto(inner, outer.child.stdout, signal), read()])
  const ends = await Promise.all([outer.ended, inner.ended])
  return { text: Buffer.concat(parts).toString('utf8'), said: ends.flatMap(({ said }) => said) }
}

/** A file that is written piece by piece, compressed, and flushed at the end. */
export const compressing = (to: string) => {
  const zstd = compressor()
  const written = pipeline(zstd, createWriteStream(to))
  written.catch(() => undefined)
  return {
    write: async (part: string | Uint8Array) => {
      try {
        await writeTo(zstd, part)
      } catch (error) {
        // What was wrong is known where it was written, such as a full disk.
        await written
        throw error
      }
    },
    end: async () => {
      zstd.end()
      await written
      await flush(to)
    },
  }
}

/** Compresses a file into another, flushed. */
export const compressFile = async (from: string, to: string, signal: AbortSignal) => {
  await pipeline(createReadStream(from), compressor(), createWriteStream(to), { signal })
  await flush(to)
}

/** Undoes `compressFile`. Throws if a byte of it is not as it was written. */
export const decompressFile = (from: string, to: string, signal: AbortSignal) =>
  pipeline(createReadStream(from), zlib.createZstdDecompress(), createWriteStream(to), { signal })

/** The lines of a file that was compressed with zstd, one after the other. */
export const linesOf = async function* (from: string): AsyncGenerator<string> {
  const input = createReadStream(from)
  const text = input.pipe(zlib.createZstdDecompress())
  input.on('error', (error) => text.destroy(error))
  let rest = ''
  try {
    for await (const part of text.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + part).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
    if (rest !== '') yield rest
  } finally {
    input.destroy()
    text.destroy()
  }
}

/** The whole text of a file that was compressed with zstd. */
export const readCompressed = async (from: string): Promise<string> => {
  const parts: Buffer[] = []
  await pipeline(
    createReadStream(from),
    zlib.createZstdDecompress(),
    async (all: AsyncIterable<Buffer>) => {
      for await (const part of all) parts.push(part)
    },
  )
  return Buffer.concat(parts).toString('utf8')
}

const saidMax = 1_000

const start = (argv: string[]) => {
  const child = spawn('tar', argv, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  })
  let text = ''
  child.stderr.setEncoding('latin1').on('data', (part: string) => {
    if (text.length < saidMax * 200) text += part
  })
  child.stdin.on('error', () => undefined)
  if (argv[0] === '--create') child.stdin.end()
  const ended = new Promise<TarEnd>((resolve, reject) => {
    child.on('error', (error) => reject(notStarted('tar', error)))
    child.on('close', (code) =>
      resolve({ code: code ?? 137, said: text.split('\n').filter(Boolean).slice(0, saidMax) }),
    )
  })
  ended.catch(() => undefined)
  return { child, ended }
}

/** A checksum in the file finds damage even without the manifest. */
const compressor = () =>
  zlib.createZstdCompress({
    params: {
      [zlib.constants.ZSTD_c_compressionLevel]: 3,
      [zlib.constants.ZSTD_c_checksumFlag]: 1,
    },
  })

const watched = (onPart: OnPart) =>
  async function* (parts: AsyncIterable<Buffer>) {
    for await (const part of parts) {
      await onPart(part)
      yield part
    }
  }

/** Waits until more can be written; a stream that was closed meanwhile takes no more, and is an error. */
const writeTo = async (stream: Writable, part: string | Uint8Array) => {
  const isFull = !stream.destroyed && !stream.write(part)
  if (isFull && !stream.destroyed)
    await new Promise<void>((resolve) => {
      const go = () => {
        stream.off('drain', go)
        stream.off('close', go)
        resolve()
      }
      stream.on('drain', go)
      stream.on('close', go)
    })
  if (stream.destroyed) throw stream.errored ?? new Error('what is written to was closed')
}

const flush = async (path: string) => {
  const file = await open(path, 'r')
  await file.sync()
  await file.close()
}
