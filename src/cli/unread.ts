import type { Writable } from 'node:stream'

/** What a write meets when nobody can read it any more: a closed pipe, a terminal that has gone. */
const unread = new Set(['EPIPE', 'EIO'])

/**
 * Has the program outlive whoever reads it. A reader that has seen enough, such as `head`, says nothing about
 * what was begun: were the program to end there, a deploy would be left undone behind the exit code of success.
 * Returns how a verb says what it does instead when its stdout is read no more.
 */
export const outliveReaders = ({ stdout, stderr }: { stdout: Writable; stderr: Writable }) => {
  const leaving: (() => void)[] = []
  const heed = (act: () => void) => (error: NodeJS.ErrnoException) => {
    if (!unread.has(error.code ?? '')) throw error
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
