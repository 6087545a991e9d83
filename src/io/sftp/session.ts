import type { SFTPWrapper } from 'ssh2'
import { StoreFault } from '../fault.ts'
import { messageOf } from '../../problem/problem.ts'
import { connectSftp, type SftpLine, type SftpTarget } from './connect.ts'
import { faultOfStatus } from './faults.ts'

type Done<Value> = (error: Error | null | undefined, value?: Value) => void

/** Asks the server one thing about a path. Every question has an end: an answer, a limit, the signal. */
export type Ask = <Value = void>(
  path: string,
  question: (sftp: SFTPWrapper, done: Done<Value>) => void,
) => Promise<Value>

/** Longest wait for one answer: a server that says nothing for so long is not coming back. */
const answerLimitMs = 60_000

type Open = { ask: Ask; end: () => void; gone: Promise<Error> }

/** A line that is opened when it is needed, and again after it was lost. */
export const sftpSession = (target: SftpTarget) => {
  let line: Open | null = null
  let opening: Promise<Open> | null = null
  const open = async (signal: AbortSignal): Promise<Open> => {
    const fresh = asking(await connectSftp(target, signal))
    line = fresh
    const forget = () => {
      if (line === fresh) line = null
    }
    void fresh.gone.then(forget)
    return fresh
  }
  /** Acts that begin at once share one line. */
  const opened = async (signal: AbortSignal): Promise<Open> => {
    if (line !== null) return line
    opening ??= open(signal).finally(() => (opening = null))
    return opening
  }
  return {
    /** Does something with an open line; when the signal comes, the line is cut and so all its acts. */
    use: async <Value>(signal: AbortSignal, act: (ask: Ask) => Promise<Value>): Promise<Value> => {
      const current = await opened(signal)
      signal.throwIfAborted()
      signal.addEventListener('abort', current.end, { once: true })
      try {
        return await act(current.ask)
      } catch (thrown) {
        signal.throwIfAborted()
        throw thrown
      } finally {
        signal.removeEventListener('abort', current.end)
      }
    },
    close: async () => {
      line?.end()
      await line?.gone
    },
  }
}

/** Lets questions be asked over a line; those that wait when it is lost all end with why. */
const asking = (line: SftpLine): Open => {
  const waiting = new Set<(why: Error) => void>()
  let lost: Error | null = null
  const dropAll = (why: Error) => {
    lost = why
    for (const drop of waiting) drop(why)
  }
  void line.gone.then(dropAll)
  const ask: Ask = <Value>(
    path: string,
    question: (sftp: SFTPWrapper, done: Done<Value>) => void,
  ) =>
    new Promise<Value>((resolve, reject) => {
      if (lost) return reject(dropped(path, lost))
      const settle = (act: () => void) => {
        clearTimeout(timer)
        waiting.delete(drop)
        act()
      }
      const drop = (why: Error) => settle(() => reject(dropped(path, why)))
      const timer = setTimeout(() => {
        drop(new Error(`no answer in ${answerLimitMs / 1000} s`))
        line.end()
      }, answerLimitMs)
      waiting.add(drop)
      try {
        question(line.sftp, (error, value) =>
          settle(() => (error ? reject(faultOfStatus(error, path)) : resolve(value as Value))),
        )
      } catch (thrown) {
        // So the library tells that the server cannot do it.
        settle(() => reject(new StoreFault('unsupported', `${path}: ${messageOf(thrown)}`)))
      }
    })
  return { ask, end: line.end, gone: line.gone }
}

const dropped = (path: string, why: Error) =>
  new StoreFault('dropped', `${path}: ${why.message}`, { cause: why })
