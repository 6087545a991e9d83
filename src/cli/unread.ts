import type { Writable } from 'node:stream'

/** What a write meets when nobody can read it any more: a closed pipe, a terminal that has gone. */
const unread = new Set(['EPIPE', 'EIO'])

/** What it meets when there is no room for what is printed, as behind `> file` on a full disk. */
const noRoom = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/**
 * Has the program outlive whoever reads it. A reader that has seen enough, such as `head`, says nothing about
 * what was begun: were the program to end there, a deploy would be left undone behind the exit code of success.
 * Whoever had no room for what was said learns it in the end, by the exit code, too.
 * Returns how a verb says what it does instead when its stdout is read no more.
 */
export const outliveReaders = ({ stdout, stderr }: { stdout: Writable; stderr: Writable }) => {
  const leaving: (() => void)[] = []
  const heed = (act: () => void) => (error: NodeJS.ErrnoException) => {
    const code = error.code ?? ''
    if (!unread.has(code) && !noRoom.has(code)) throw error
    if (noRoom.has(code)) failAtEnd(stderr, error)
    act()
  }
  stdout.on(
    'error',
    heed(() => {
      for (const leave of leaving) leave()
    }),
  )
  stderr.on(
    'error',
    heed(() => undefined),
  )
  return (leave: () => void) => void leaving.push(leave)
}

let isFailing = false

const failAtEnd = (stderr: Writable, error: Error) => {
  if (isFailing) return
  isFailing = true
  stderr.write(`What was printed is not whole: ${error.message}\n`)
  process.once('exit', (code) => {
    process.exitCode = code || 1
  })
}
