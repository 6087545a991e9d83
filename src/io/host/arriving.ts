import { createHash, randomBytes } from 'node:crypto'
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { messageOf, Problem } from '../../problem/problem.ts'
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

const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const

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
      for (let at = 0; at < part.length;) at += writeSync(file, part, at)
      counted.add(part)
    },
    so: counted.so,
    keep: () => {
      fchmodSync(file, 0o600)
      fsyncSync(file)
      close()
      renameSync(beside, path)
      stopWatching()
    },
    drop,
  }
}

/** The program's own output. What has gone there cannot be taken back. */
export const arrivingOutput = (): Arriving => {
  const counted = counter()
  return {
    take: (part) => {
      // To files and pipes this writes before it returns.
      process.stdout.write(part)
      counted.add(part)
    },
    so: counted.so,
    keep: () => undefined,
    drop: () => undefined,
  }
}

/** A `Problem` if a new file cannot come to this path: nothing of the user's is written over. */
export const refuseTaken = async (path: string) => {
  const facts = await statOf(path)
  if (facts)
    throw cannotCome(
      path,
      facts.isDirectory() ? 'it is a folder; name a file in it' : 'it is there already',
    )
  if (!(await statOf(dirname(path)))?.isDirectory())
    throw cannotCome(path, `there is no folder ${dirname(path)}`)
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
