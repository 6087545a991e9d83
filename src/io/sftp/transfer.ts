import type { FileHandle } from 'node:fs/promises'
import { StoreFault } from '../fault.ts'
import type { OnBytes } from '../disk.ts'
import type { Ask } from './session.ts'

/** OpenSSH takes so much in one message; for a server that takes less the library makes several of it. */
const pieceBytes = 128 * 1024

/** Pieces on their way at once: 4 MiB, so that a line of 10 ms could carry 400 MB/s. */
const piecesAtOnce = 32

/** A line that is lost leaves holes no further back than what was on its way. */
export const inFlightBytes = pieceBytes * piecesAtOnce

/** Sends a local file from an offset to its end, many pieces at once. */
export const sendPieces = async (
  ask: Ask,
  handle: Buffer,
  source: FileHandle,
  part: { path: string; from: number; bytes: number },
  onBytes: OnBytes,
): Promise<void> => {
  let next = part.from
  let failed = false
  const sender = async () => {
    const piece = Buffer.allocUnsafe(pieceBytes)
    while (next < part.bytes && !failed) {
      const at = next
      const length = Math.min(pieceBytes, part.bytes - at)
      next += length
      try {
        await readExactly(source, piece, length, at)
        await ask(part.path, (sftp, done) => sftp.write(handle, piece, 0, length, at, done))
        await onBytes(length)
      } catch (thrown) {
        failed = true
        throw thrown
      }
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: piecesAtOnce }, sender))
  const wrong = ends.find((end) => end.status === 'rejected')
  if (wrong) throw wrong.reason
}

/** Hands on a file from its first byte to its last, in order, many pieces being asked for at once. */
export const receivePieces = async (
  ask: Ask,
  handle: Buffer,
  file: { path: string; bytes: number },
  onPiece: (piece: Buffer) => void | Promise<void>,
): Promise<void> => {
  const coming: Promise<Buffer>[] = []
  let asked = 0
  const askMore = () => {
    while (coming.length < piecesAtOnce && asked < file.bytes) {
      const length = Math.min(pieceBytes, file.bytes - asked)
      const piece = readPiece(ask, handle, file.path, asked, length)
      // One that fails is told of when its turn comes, or not at all after an earlier one.
      piece.catch(() => undefined)
      coming.push(piece)
      asked += length
    }
  }
  for (askMore(); coming.length > 0; askMore()) await onPiece(await coming.shift()!)
}

/** A server may answer with less than was asked for. */
const readPiece = async (ask: Ask, handle: Buffer, path: string, at: number, length: number) => {
  const piece = Buffer.allocUnsafe(length)
  let have = 0
  while (have < length) {
    const read = await ask<number>(path, (sftp, done) =>
      sftp.read(handle, piece, have, length - have, at + have, done),
    )
    if (read === 0) throw new StoreFault('damaged', `${path} ends at ${at + have} bytes`)
    have += read
  }
  return piece
}

const readExactly = async (source: FileHandle, piece: Buffer, length: number, at: number) => {
  let have = 0
  while (have < length) {
    const { bytesRead } = await source.read(piece, have, length - have, at + have)
    if (bytesRead === 0) throw new Error('The local file became shorter while it was being sent.')
    have += bytesRead
  }
}
