import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isatty } from 'node:tty'
import { messageOf, Problem } from '../../../problem/problem.ts'
import { statOf } from './durable.ts'

/** Something that arrives piece by piece, and is there only when it is whole. */
export type Arriving = {
  /** Puts a part away before it returns. */
  take: (part: Buffer) => void
  /** What has come so far. */
  so: () => { bytes: number; sha256: string }
  /** Gives it its name: from now on it is there. */
  keep: () => void
  /** Leaves nothing of it. Does nothing after `keep`. */
  drop: () => void
}

const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGQUIT: 3 } as const

/**
 * A file of the user's alone (mode 0600) that arrives under another name beside it. However this ends, also by
 * a signal, there is a whole file or none.
 */
export const arrivingFile = (path: string): Arriving => {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`)
  const file = opened(path, beside)
  let isOpen = true
  const close = () => {
    if (isOpen) closeSync(file)
    isOpen = false
  }
  const drop = () => {
    stopWatching()
    close()
    rmSync(beside, { force: true })
  }
  const stopWatching = onEnd(drop)
  const counted = counter()
  return {
    take: (part) => {
      writeWhole(file, part)
      counted.add(part)
    },
    so: counted.so,
    keep: () => {
      fchmodSync(file, 0o600)
      fsyncSync(file)
      close()
      nameNew(beside, path)
      stopWatching()
    },
    drop,
  }
}

/** The program’s own output. What has gone there cannot be taken back. */
export const arrivingOutput = (output = 1): Arriving => {
  const counted = counter()
  const facts = fstatSync(output)
  // Into a file that the disk has no more room for, Node writes what fits and says nothing.
  const isFile = facts.isFile() || (facts.isCharacterDevice() && !isatty(output))
  return {
    take: (part) => {
      if (isFile) writeWhole(output, part)
      // To pipes this writes before it returns.
      else process.stdout.write(part)
      counted.add(part)
    },
    so: counted.so,
    keep: () => undefined,
    drop: () => undefined,
  }
}

const writeWhole = (file: number, part: Buffer) => {
  for (let at = 0; at < part.length;) at += writeSync(file, part, at)
}

/** A `Problem` if a new file cannot come to this path: nothing of the user's is written over. */
export const refuseTaken = async (path: string) => {
  const facts = thereAt(path)
  if (facts)
    throw cannotCome(path, facts.isDirectory() ? 'it is a folder; name a file in it' : isThere)
  if (!(await statOf(dirname(path)))?.isDirectory())
    throw cannotCome(path, `there is no folder ${dirname(path)}`)
}

const isThere = 'it is there already'

/** What has the path for its name, be it a link that leads nowhere. */
const thereAt = (path: string) => {
  try {
    return lstatSync(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw cannotCome(path, messageOf(error))
  }
}

/** Gives a file its name; what has come to that name meanwhile stays. */
const nameNew = (from: string, to: string) => {
  try {
    linkSync(from, to)
    rmSync(from)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || thereAt(to)) throw cannotCome(to, isThere)
    // A disk without hard links.
    renameSync(from, to)
  }
}

const counter = () => {
  const hash = createHash('sha256')
  let bytes = 0
  return {
    add: (part: Buffer) => {
      hash.update(part)
      bytes += part.length
    },
    so: () => ({ bytes, sha256: hash.copy().digest('hex') }),
  }
}

const opened = (path: string, beside: string): number => {
  try {
    return openSync(beside, 'wx', 0o600)
  } catch (error) {
    throw cannotCome(path, messageOf(error))
  }
}

const onEnd = (act: () => void) => {
  const leave = (signal: keyof typeof signals) => {
    act()
    process.exit(128 + signals[signal])
  }
  const names = Object.keys(signals) as (keyof typeof signals)[]
  process.once('exit', act)
  for (const name of names) process.once(name, leave)
  return () => {
    process.off('exit', act)
    for (const name of names) process.off(name, leave)
  }
}

const cannotCome = (path: string, why: string) =>
  new Problem({
    code: 'host/not-new',
    summary: 'A new file cannot be made there; nothing was done.',
    detail: `${path}: ${why}.`,
    fix: ['Name another file, or `-` for the program’s own output.'],
  })
