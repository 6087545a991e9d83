import { spawn } from 'node:child_process'
import { notStarted } from './process.ts'

/**
 * Runs a program on the user's own terminal, such as an editor, and returns its exit code. Ctrl-C is
 * for that program alone meanwhile: in an editor it is a key like any other.
 */
export const runInteractive = async (
  file: string,
  argv: string[],
  env: Record<string, string | undefined>,
): Promise<number> => {
  const before = process.rawListeners('SIGINT') as NodeJS.SignalsListener[]
  const leaveIt = () => undefined
  process.removeAllListeners('SIGINT')
  process.on('SIGINT', leaveIt)
  try {
    return await ended(file, argv, env)
  } finally {
    for (const each of before) process.on('SIGINT', each)
    process.off('SIGINT', leaveIt)
  }
}

const ended = (
  file: string,
  argv: string[],
  env: Record<string, string | undefined>,
): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(file, argv, { stdio: 'inherit', env })
    child.on('error', (error: NodeJS.ErrnoException) => reject(notStarted(file, error)))
    child.on('close', (code) => resolve(code ?? 137))
  })
