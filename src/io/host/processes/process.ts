import { spawn } from 'node:child_process'
import { Problem } from '../../../problem/problem.ts'

/** This process's environment but for Zarpe's own key, for the programs that it starts. */
export const environmentForOthers = (): NodeJS.ProcessEnv => {
  const { ZARPE_AGE_KEY: _kept, ...env } = process.env
  return env
}

export type RunOptions = {
  cwd?: string
  /** The whole environment of the child; without it the parent's, but for Zarpe's own key. */
  env?: Record<string, string | undefined>
  input?: string | Uint8Array
  /** `latin1` gives each byte as one character, for output that need not be text. */
  encoding?: 'utf8' | 'latin1'
  /** After this the child is killed and the result says so. Default: 10 minutes. */
  limitMs?: number
  /** Called with each whole line of stdout and stderr as it arrives. */
  onLine?: (line: string) => void
  /** Ends the child, and is the reason why the promise rejects once the child is gone. */
  signal?: AbortSignal
}

export type RunResult = { code: number; stdout: string; stderr: string; timedOut: boolean }

/** What is asked to end gets a moment to clean up behind itself; shorter than that of a step's limit. */
const graceMs = 3_000

/** Most of stdout or stderr that is kept of one child; what comes after is dropped. */
const keptBytesMax = 16 * 1024 * 1024

/**
 * Runs a program with an argument vector, never through a shell, and returns its exit code and
 * output whatever the code is. Throws a `Problem` only when the program cannot be started, and the
 * reason of its signal once that has ended it.
 */
export const run = (file: string, argv: string[], options: RunOptions = {}): Promise<RunResult> =>
  new Promise((resolve, reject) => {
    options.signal?.throwIfAborted()
    const child = spawn(file, argv, {
      cwd: options.cwd,
      env: options.env ?? environmentForOthers(),
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    const out = { stdout: '', stderr: '' }
    let timedOut = false
    const kill = () => {
      child.kill('SIGKILL')
      // What it has started may hold the other ends open, and is not waited for.
      child.stdout!.destroy()
      child.stderr!.destroy()
    }
    let timer = setTimeout(() => {
      timedOut = true
      kill()
    }, options.limitMs ?? 600_000)
    const giveUp = () => {
      clearTimeout(timer)
      child.kill('SIGTERM')
      timer = setTimeout(kill, graceMs)
    }
    options.signal?.addEventListener('abort', giveUp, { once: true })
    const isOver = () => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', giveUp)
    }
    const collect = (name: 'stdout' | 'stderr') => {
      let rest = ''
      const stream = child[name]!
      stream.setEncoding(options.encoding ?? 'utf8')
      stream.on('data', (text: string) => {
        if (out[name].length < keptBytesMax) out[name] += text
        if (!options.onLine) return
        const lines = (rest + text).split(/\r?\n|\r/)
        rest = lines.pop() ?? ''
        for (const line of lines) options.onLine(line)
      })
      stream.on('end', () => {
        if (rest && options.onLine) options.onLine(rest)
      })
    }
    collect('stdout')
    collect('stderr')
    child.on('error', (error: NodeJS.ErrnoException) => {
      // One that runs and cannot be sent a signal ends all the same.
      if (child.pid !== undefined) return
      isOver()
      reject(notStarted(file, error))
    })
    child.on('close', (code) => {
      isOver()
      if (options.signal?.aborted) reject(options.signal.reason as Error)
      else resolve({ code: code ?? 137, ...out, timedOut })
    })
    if (options.input !== undefined) {
      // A child may end before it has read everything; its exit code tells, not the pipe.
      child.stdin!.on('error', () => undefined)
      child.stdin!.end(options.input)
    }
  })

/** As `run`, but a non-zero exit is a `Problem` that carries the last lines printed. */
export const runOk = async (file: string, argv: string[], options: RunOptions = {}) => {
  const result = await run(file, argv, options)
  if (result.code === 0) return result
  const lines = `${result.stdout}\n${result.stderr}`.split('\n').filter((line) => line.trim())
  throw new Problem({
    code: 'host/command-failed',
    summary: 'A program that Zarpe ran failed.',
    detail: result.timedOut
      ? `\`${file} ${argv[0] ?? ''}\` did not end within ${(options.limitMs ?? 600_000) / 1000} s.`
      : `\`${file} ${argv[0] ?? ''}\` exited ${result.code}.`,
    fix: [],
    evidence: lines.slice(-12),
  })
}

/** A program that could not be started, as the user is told. */
export const notStarted = (file: string, error: NodeJS.ErrnoException) => {
  const summary = 'A program that Zarpe needs could not be started.'
  const isMissing = error.code === 'ENOENT' || error.code === 'EACCES'
  return new Problem(
    isMissing
      ? {
          code: 'host/program-missing',
          summary,
          detail: error.code === 'ENOENT' ? `\`${file}\` is not installed here.` : error.message,
          fix: [`Install ${file} and run the same command again.`],
        }
      : {
          code: 'host/program-not-started',
          summary,
          detail: `${error.message}.`,
          fix: ['free -h; ulimit -a    # is there memory, and room for another process?'],
        },
    { cause: error },
  )
}
