import { describe, expect, it } from 'vitest'
import { headerProblem } from './header.ts'
import { startOf } from './segments.ts'

const segmentBytes = 16 * 1024 * 1024
const name = '000000020000000000000005'

const head = ({
  magic = 0xd116,
  info = 0x0002,
  timeline = 2,
  at = startOf(5n, segmentBytes),
} = {}) => {
  const bytes = Buffer.alloc(24)
  bytes.writeUInt16LE(magic, 0)
  bytes.writeUInt16LE(info, 2)
  bytes.writeUInt32LE(timeline, 4)
  bytes.writeBigUInt64LE(at, 8)
  return bytes
}

const problem = (bytes: Buffer) => headerProblem(bytes, name, segmentBytes)

describe('the first bytes of a segment', () => {
  it('say that it is the one that its name says', () => {
    expect(problem(head())).toBe(null)
    // The first segment of a timeline begins as the last of the one before did.
    expect(problem(head({ timeline: 1 }))).toBe(null)
  })

  it('tell of a file that has the name before it has the content', () => {
    expect(problem(head({ at: startOf(2n, segmentBytes) }))).toBe('it is another segment')
    expect(problem(head({ timeline: 3 }))).toBe('it is of another timeline')
    expect(problem(head({ info: 0 }))).toBe('it does not begin as a segment does')
    expect(problem(Buffer.alloc(24))).toBe('it does not begin as a log does')
    expect(problem(Buffer.alloc(0))).toBe('it does not begin as a log does')
    expect(headerProblem(head(), '00000002.history', segmentBytes)).toContain('name')
  })
})
