import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/**
 * Runs a program and hands its lines over in batches, each awaited before more is read, so that
 * neither end piles up what the other cannot take. Ends when the program does or `signal` is aborted.
 * Returns the exit code and the last of what it said on stderr.
 */
export const streamLines = async (
  file: string,
  argv: string[],
  onLines: (lines: string[]) => Promise<void>,
  signal: AbortSignal,
): Promise<{ code: number | null; stderr: string }> => {
  const child = spawn(file, argv, { stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = () => child.kill('SIGTERM')
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  let stderr = ''
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (stderr = (stderr + text).slice(-4_000)))
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  ended.catch(() => undefined)
  let batch: string[] = []
  let flushed = Promise.resolve()
  const flush = () => {
    const lines = batch
    batch = []
    flushed = flushed.then(() => (lines.length > 0 ? onLines(lines) : undefined))
    return flushed
  }
  const timer = setInterval(() => void flush(), 100)
  try {
    for await (const line of createInterface({ input: child.stdout, crlfDelay: Infinity })) {
      batch.push(line)
      if (batch.length >= 500) await flush()
    }
    await flush()
    return { code: await ended, stderr }
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', stop)
    stop()
  }
}
