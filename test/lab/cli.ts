import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { bundle, root } from '../../scripts/bundle.ts'
import { sshConfigFile } from '../../src/lab/keys.ts'

export type CliResult = {
  code: number
  /** The objects printed with --json, in order. */
  events: Record<string, unknown>[]
  /** Milliseconds after the start at which each of these had come. */
  arrivals: number[]
  stdout: string
  stderr: string
  ms: number
}

export type CliOptions = {
  /** Folder with zarpe.yml. */
  folder?: string
  /** Name of a server of the lab; `deploy@` is put before it unless it has a user. */
  server?: string
  /** The build that can be stopped between two acts. */
  doors?: boolean
  /** A program that says it is of this version. */
  version?: string
  json?: boolean
  env?: Record<string, string>
  input?: string
  /** How many events are read; then both of its outputs are closed, as `head` does. */
  reads?: number
  /** Its group of processes as a terminal has one: a signal to it reaches ssh too, as Ctrl-C does. */
  ownGroup?: boolean
  onEvent?: (event: Record<string, unknown>) => void
  /** Hears all that was said on stderr so far. */
  onText?: (stderr: string) => void
  onStart?: (pid: number, kill: (signal: NodeJS.Signals) => void) => void
}

/** Runs the bundled program as a user would, against the lab, and returns all it said. */
export const zarpe = async (argv: string[], options: CliOptions = {}): Promise<CliResult> => {
  const path = await bundle(options.doors ?? false, options.version)
  const started = Date.now()
  const all = [
    path,
    ...(options.folder ? ['-C', options.folder] : []),
    ...(options.server ? ['--server', targetOf(options.server)] : []),
    ...((options.json ?? true) ? ['--json'] : []),
    '--yes',
    ...argv,
  ]
  const child = spawn(process.execPath, all, {
    env: {
      ...process.env,
      ZARPE_SSH_CONFIG: sshConfigFile(),
      ZARPE_BY: 'tester@laptop',
      // As bin/zarpe.mjs has it.
      NODE_COMPILE_CACHE: join(root, 'dist', 'compiled'),
      ...options.env,
    },
    detached: options.ownGroup ?? false,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  if (options.input !== undefined) child.stdin!.end(options.input)
  options.onStart?.(child.pid!, (signal) =>
    options.ownGroup ? process.kill(-child.pid!, signal) : child.kill(signal),
  )
  let stdout = ''
  let stderr = ''
  const events: Record<string, unknown>[] = []
  const arrivals: number[] = []
  let part = ''
  child.stdout!.on('data', (data: Buffer) => {
    const text = data.toString()
    stdout += text
    const lines = (part + text).split('\n')
    part = lines.pop()!
    for (const event of eventsIn(lines)) {
      events.push(event)
      options.onEvent?.(event)
    }
    while (arrivals.length < events.length) arrivals.push(Date.now() - started)
    if (events.length < (options.reads ?? Infinity)) return
    child.stdout!.destroy()
    child.stderr!.destroy()
  })
  child.stderr!.on('data', (data: Buffer) => {
    stderr += data.toString()
    options.onText?.(stderr)
  })
  const code = await new Promise<number>((resolve) => {
    child.on('close', (ended) => resolve(ended ?? 137))
  })
  return { code, events, arrivals, stdout, stderr, ms: Date.now() - started }
}

/** As `zarpe`, and throws with all that was said if it fails. */
export const zarpeOk = async (argv: string[], options: CliOptions = {}): Promise<CliResult> => {
  const result = await zarpe(argv, options)
  if (result.code === 0) return result
  throw new Error(`zarpe ${argv.join(' ')} exited ${result.code}:\n${said(result)}`)
}

/** The problems that a run told, and its last words, for whoever reads a test that failed. */
export const said = ({ events, stderr }: CliResult): string => {
  const problems = events.filter(({ type }) => type === 'problem')
  return [...problems.map((each) => JSON.stringify(each)), stderr].join('\n').slice(-4000)
}

/** The first problem that a run told, or an empty one. */
export const problemIn = (result: CliResult) =>
  (result.events.find(({ type }) => type === 'problem') ?? {}) as {
    code?: string
    detail?: string
    fix?: string[]
    evidence?: string[]
    place?: { file: string; line: number; column: number }
  }

const targetOf = (server: string) => (server.includes('@') ? server : `deploy@${server}`)

const eventsIn = (lines: string[]) =>
  lines.flatMap((line) => {
    try {
      return line ? [JSON.parse(line) as Record<string, unknown>] : []
    } catch {
      return []
    }
  })
