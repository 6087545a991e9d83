import { createHash } from 'node:crypto'
import type { Content } from './tar.ts'

const block = 512
const zeros = Buffer.alloc(1024 * 1024)

/**
 * The content of a file with holes, digested as it reads: the map before the data says where each piece
 * belongs. Where holes are may change with the disk; what a file reads as may not.
 */
export const sparseContent = (size: number): Content => {
  const hash = createHash('sha256')
  let head = Buffer.alloc(0)
  let pieces: { offset: number; bytes: number }[] | null = null
  let at = 0
  const fill = (to: number) => {
    while (at < to) {
      const part = zeros.subarray(0, Math.min(zeros.length, to - at))
      hash.update(part)
      at += part.length
    }
  }
  const data = (bytes: Buffer) => {
    let rest = bytes
    while (rest.length > 0) {
      const piece = pieces!.find(({ offset, bytes: length }) => at < offset + length)
      if (!piece) return
      fill(piece.offset)
      const part = rest.subarray(0, piece.offset + piece.bytes - at)
      hash.update(part)
      at += part.length
      rest = rest.subarray(part.length)
    }
  }
  return {
    write: (part) => {
      if (pieces) return data(part)
      head = Buffer.concat([head, part])
      const map = parseMap(head)
      if (!map) return
      pieces = map.pieces
      data(head.subarray(map.end))
    },
    end: () => {
      fill(size)
      return hash.digest('hex')
    },
  }
}

/** `<number of pieces>\n<offset>\n<bytes>\n…`, filled up to a whole block; null while some of it is missing. */
const parseMap = (head: Buffer) => {
  const numbers: number[] = []
  let at = 0
  while (numbers.length < 1 + 2 * (numbers[0] ?? 0)) {
    const end = head.indexOf(0x0a, at)
    if (end < 0) return null
    numbers.push(Number(head.subarray(at, end).toString('latin1')))
    at = end + 1
  }
  const end = Math.ceil(at / block) * block
  if (head.length < end) return null
  const pieces = Array.from({ length: numbers[0]! }, (_each, index) => ({
    offset: numbers[1 + 2 * index]!,
    bytes: numbers[2 + 2 * index]!,
  }))
  return { pieces, end }
}
