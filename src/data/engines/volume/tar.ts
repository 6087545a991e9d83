import { createHash } from 'node:crypto'
import { sparseContent } from './sparse.ts'

// Reads the tar of a tree as it flows by: POSIX's own form, as GNU tar writes it.

export type EntryKind = 'file' | 'link' | 'symlink' | 'folder' | 'fifo' | 'character' | 'block'

/** One thing of a tree, with everything that a restore must bring back. */
export type TreeEntry = {
  name: Buffer
  kind: EntryKind
  mode: number
  uid: number
  gid: number
  /** Of its content; a hole counts as the zeros that it reads as. */
  size: number
  /** Seconds since 1970, with nine digits behind the point. */
  mtime: string
  /** Where a link leads; empty for all else. */
  target: Buffer
  /** Major and minor number of a device. */
  device: string
  /** Extended attributes and ACLs by the names that tar gives them; values in base64. */
  attributes: Record<string, string>
  /** Of a file's content. */
  sha256: string | null
}

/** What takes the content of one file. */
export type Content = { write: (part: Buffer) => void; end: () => string }

const block = 512
/** Longest extended header that is believed. */
const headerBytesMax = 16 * 1024 * 1024

type Records = Map<string, Buffer>

/** Where the reader is: in the content of an entry, before a header, or behind the last one. */
type State = {
  body: { left: number; padding: number; content: Content; end: () => void } | null
  isOver: boolean
}

/**
 * Takes a tar piece by piece and tells of each entry once all of it has passed. Throws on anything that
 * GNU tar's POSIX form does not have, and at the end if the tar was cut short.
 */
export const tarReader = (onEntry: (entry: TreeEntry) => void) => {
  let pending = Buffer.alloc(0)
  let records: Records = new Map()
  const state: State = { body: null, isOver: false }

  const header = (bytes: Buffer) => {
    if (bytes.every((byte) => byte === 0)) {
      state.isOver = true
      return
    }
    const type = String.fromCharCode(bytes[156]!)
    const stored = Number(records.get('size') ?? octal(bytes, 124, 12))
    if (type === 'x') {
      if (stored > headerBytesMax) throw new Error('a header of the tar is too long')
      const parts: Buffer[] = []
      const content: Content = { write: (part) => void parts.push(part), end: () => '' }
      begin(stored, content, () => (records = parseRecords(Buffer.concat(parts))))
      return
    }
    const entry = entryOf(bytes, type, records)
    const isFile = entry.kind === 'file'
    const content = records.has('GNU.sparse.major') ? sparseContent(entry.size) : plainContent()
    records = new Map()
    begin(isFile ? stored : 0, content, () => {
      onEntry(isFile ? { ...entry, sha256: content.end() } : entry)
    })
  }

  const begin = (bytes: number, content: Content, end: () => void) => {
    state.body = { left: bytes, padding: (block - (bytes % block)) % block, content, end }
    if (bytes === 0) finish()
  }

  const finish = () => {
    const { end } = state.body!
    state.body = null
    end()
  }

  const take = (bytes: Buffer): Buffer => {
    const { body } = state
    if (!body) {
      header(bytes.subarray(0, block))
      return bytes.subarray(block)
    }
    const part = bytes.subarray(0, body.left)
    if (part.length > 0) body.content.write(part)
    body.left -= part.length
    const skipped = Math.min(body.padding, bytes.length - part.length)
    body.padding -= skipped
    if (body.left === 0 && body.padding === 0) finish()
    return bytes.subarray(part.length + skipped)
  }

  return {
    write: (part: Buffer) => {
      if (state.isOver) return
      let bytes = pending.length > 0 ? Buffer.concat([pending, part]) : part
      while (!state.isOver && bytes.length > 0 && (state.body || bytes.length >= block))
        bytes = take(bytes)
      pending = Buffer.from(bytes)
    },
    end: () => {
      if (!state.isOver) throw new Error('the tar ends before its end')
    },
  }
}

const kinds: Record<string, EntryKind> = {
  '0': 'file',
  '\0': 'file',
  '1': 'link',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'folder',
  '6': 'fifo',
}

const entryOf = (bytes: Buffer, type: string, records: Records): TreeEntry => {
  const kind = kinds[type]
  if (!kind) throw new Error(`the tar has an entry of the unknown type ${JSON.stringify(type)}`)
  const isDevice = kind === 'character' || kind === 'block'
  return {
    name: bare(records.get('GNU.sparse.name') ?? records.get('path') ?? nameIn(bytes)),
    kind,
    mode: octal(bytes, 100, 8) & 0o7777,
    uid: Number(records.get('uid') ?? octal(bytes, 108, 8)),
    gid: Number(records.get('gid') ?? octal(bytes, 116, 8)),
    size:
      kind === 'file'
        ? Number(records.get('GNU.sparse.realsize') ?? records.get('size') ?? octal(bytes, 124, 12))
        : 0,
    mtime: timeOf(records.get('mtime')?.toString() ?? String(octal(bytes, 136, 12))),
    target: targetOf(kind, records.get('linkpath') ?? text(bytes, 157, 100)),
    device: isDevice ? `${octal(bytes, 329, 8)}:${octal(bytes, 337, 8)}` : '',
    attributes: attributesOf(records),
    sha256: null,
  }
}

/** A hard link names an entry of the tree, a symbolic one whatever it likes. */
const targetOf = (kind: EntryKind, target: Buffer): Buffer => {
  if (kind === 'link') return bare(target)
  return kind === 'symlink' ? target : Buffer.alloc(0)
}

const attributesOf = (records: Records): Record<string, string> =>
  Object.fromEntries(
    [...records]
      .filter(([key]) => key.startsWith('SCHILY.xattr.') || key.startsWith('SCHILY.acl.'))
      .map(([key, value]) => [key.slice('SCHILY.'.length), value.toString('base64')] as const)
      .toSorted(([left], [right]) => (left < right ? -1 : 1)),
  )

const plainContent = (): Content => {
  const hash = createHash('sha256')
  return { write: (part) => void hash.update(part), end: () => hash.digest('hex') }
}

const text = (bytes: Buffer, from: number, length: number): Buffer => {
  const field = bytes.subarray(from, from + length)
  const end = field.indexOf(0)
  return Buffer.from(end < 0 ? field : field.subarray(0, end))
}

const octal = (bytes: Buffer, from: number, length: number): number => {
  const field = text(bytes, from, length).toString('latin1').trim()
  if (field === '') return 0
  if (!/^[0-7]+$/.test(field)) throw new Error('a header of the tar has a number that is none')
  return Number.parseInt(field, 8)
}

const nameIn = (bytes: Buffer): Buffer => {
  const prefix = text(bytes, 345, 155)
  const name = text(bytes, 0, 100)
  return prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name
}

/** Without the `./` before and the `/` behind that tar writes; the tree itself is `.`. */
const bare = (name: Buffer): Buffer => {
  const from = name[0] === 0x2e && name[1] === 0x2f ? 2 : 0
  const to = name.at(-1) === 0x2f ? name.length - 1 : name.length
  const bared = name.subarray(from, to)
  return bared.length > 0 ? Buffer.from(bared) : Buffer.from('.')
}

/** Nine digits behind the point, whatever tar left out. */
export const timeOf = (time: string): string => {
  const [seconds = '0', fraction = ''] = time.split('.')
  return `${seconds}.${fraction.padEnd(9, '0').slice(0, 9)}`
}

/** `<length> <key>=<value>\n`, where the value may hold anything. */
const parseRecords = (bytes: Buffer): Records => {
  const records: Records = new Map()
  let at = 0
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at)
    const length = Number(bytes.subarray(at, space).toString('latin1'))
    const equals = bytes.indexOf(0x3d, space)
    if (!(length > 0) || space < 0 || equals < 0 || at + length > bytes.length)
      throw new Error('an extended header of the tar cannot be read')
    const key = bytes.subarray(space + 1, equals).toString('utf8')
    records.set(key, Buffer.from(bytes.subarray(equals + 1, at + length - 1)))
    at += length
  }
  return records
}
