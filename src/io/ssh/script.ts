import { spawn } from 'node:child_process'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { connectionProblem } from './problems.ts'
import { quote } from './quote.ts'
import { sshArguments, type SshTarget } from './target.ts'

export type ScriptOptions = {
  /** Data for the script's stdin. */
  input?: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>
  asRoot?: boolean
  limitMs: number
  acceptNewHostKey?: boolean
}

/**
 * Runs one of Zarpe's constant scripts on a server, over a connection of its own, and returns what it
 * printed. Throws a `Problem` when the connection or the script fails.
 */
export const runScript = async (
  target: SshTarget,
  script: string,
  options: ScriptOptions,
): Promise<string> => {
  const asRoot = `if [ "$(id -u)" = 0 ]; then exec sh -c ${quote(script)}; else exec sudo -n sh -c ${quote(script)}; fi`
  const command = `exec sh -c ${quote(options.asRoot ? asRoot : script)}`
  const extra = options.acceptNewHostKey ? ['-o', 'StrictHostKeyChecking=accept-new'] : []
  const child = spawn('ssh', [...sshArguments(target, extra), command], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const out = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text))
  const timer = setTimeout(() => child.kill('SIGKILL'), options.limitMs)
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  await feed(child.stdin, options)
  const code = await ended.finally(() => clearTimeout(timer))
  if (code !== 0) throw connectionProblem(target, out.stderr || out.stdout, code)
  return out.stdout
}

/** A far end that stops reading ends the pipeline; its exit code and words tell why. */
const feed = (stdin: Writable, options: ScriptOptions) =>
  pipeline(Readable.from(options.input ?? []), stdin).catch(() => undefined)
