import { spawn } from 'node:child_process'
import { Problem } from '../../problem/problem.ts'

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
  signal?: AbortSignal
}

export type RunResult = { code: number; stdout: string; stderr: string; timedOut: boolean }

/** Most of stdout or stderr that is kept of one child; what comes after is dropped. */
const keptBytesMax = 16 * 1024 * 1024

/**
 * Runs a program with an argument vector, never through a shell, and returns its exit code and
 * output whatever the code is. Throws a `Problem` only when the program cannot be started.
 */
export const run = (file: string, argv: string[], options: RunOptions = {}): Promise<RunResult> =>
  new Promise((resolve, reject) => {
    const child = spawn(file, argv, {
      cwd: options.cwd,
      env: options.env ?? environmentForOthers(),
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(options.signal ? { signal: options.signal } : {}),
    })
    const out = { stdout: '', stderr: '' }
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      child.kill('SIGKILL')
      // What it has started may hold the other ends open, and is not waited for.
      child.stdout!.destroy()
      child.stderr!.destroy()
    }, options.limitMs ?? 600_000)
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
      clearTimeout(timer)
      reject(notStarted(file, error))
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code: code ?? 137, ...out, timedOut })
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
export const notStarted = (file: string, error: NodeJS.ErrnoException) =>
  new Problem(
    {
      code: 'host/program-missing',
      summary: 'A program that Zarpe needs could not be started.',
      detail: error.code === 'ENOENT' ? `\`${file}\` is not installed here.` : error.message,
      fix: [`Install ${file} and run the same command again.`],
    },
    { cause: error },
  )
