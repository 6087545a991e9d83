import type { Duplex } from 'node:stream'
import type { Engine } from './engine.ts'
import { frames } from './frames.ts'

/** A command in a running container. Nothing of it goes through a shell. */
export type Command = {
  argv: string[]
  env?: string[]
  user?: string
  /** What it reads from stdin, to its end. */
  input?: string
  /** Called with each piece of stdout; without it stdout is kept, up to a bound. */
  onOutput?: (data: Buffer) => void | Promise<void>
  /** Called with each whole line of stderr. */
  onError?: (line: string) => void
  signal?: AbortSignal
}

export type CommandResult = { code: number; stdout: string; stderr: string }

/** Most of stdout that is kept, and of the end of stderr. */
const outputBytesMax = 64 * 1024 * 1024
const errorBytesMax = 16 * 1024

/**
 * Runs a command in a container to its end and returns its exit code with what it printed. Throws
 * the reason of `signal` when that ends first: the command itself goes on until its container is removed.
 */
export const commandIn = async (
  engine: Engine,
  container: string,
  command: Command,
): Promise<CommandResult> => {
  const { input } = command
  const { id, streams } = await startCommand(engine, container, command, input !== undefined)
  const stop = () => streams.destroy()
  command.signal?.addEventListener('abort', stop)
  const out: Buffer[] = []
  let kept = 0
  const errors = errorLines(command.onError)
  try {
    if (input !== undefined) streams.end(input)
    for await (const { from, data } of frames(streams)) {
      if (from === 'stderr') errors.add(data)
      else if (command.onOutput) await command.onOutput(data)
      else if ((kept += data.length) <= outputBytesMax) out.push(Buffer.from(data))
      else throw new Error(`${command.argv[0]} printed more than ${outputBytesMax} bytes`)
    }
  } catch (error) {
    command.signal?.throwIfAborted()
    throw error
  } finally {
    command.signal?.removeEventListener('abort', stop)
    streams.destroy()
  }
  command.signal?.throwIfAborted()
  return {
    code: await exitCodeOf(engine, id),
    stdout: Buffer.concat(out).toString(),
    stderr: errors.end(),
  }
}

/** A command that is spoken to while it runs: what it prints comes in order, its stdin is `streams`. */
export const startCommand = async (
  engine: Engine,
  container: string,
  command: Pick<Command, 'argv' | 'env' | 'user'>,
  takesInput: boolean,
): Promise<{ id: string; streams: Duplex }> => {
  const { Id } = await engine.containers.exec(container, {
    Cmd: command.argv,
    AttachStdin: takesInput,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    ...(command.env ? { Env: command.env } : {}),
    ...(command.user ? { User: command.user } : {}),
  })
  return { id: Id, streams: await engine.containers.execStart(Id, false) }
}

const exitPollMs = 20
const exitPollsMax = 500

/** The engine learns of the end a moment after the streams have closed. */
export const exitCodeOf = async (engine: Engine, id: string): Promise<number> => {
  for (let poll = 0; poll < exitPollsMax; poll++) {
    const { ExitCode, Running } = await engine.containers.execInspect(id)
    if (!Running && ExitCode !== null) return ExitCode
    await new Promise((resolve) => setTimeout(resolve, exitPollMs))
  }
  throw new Error('the engine does not tell how a command ended')
}

/** Keeps the end of what a command says on stderr and tells each line of it. */
const errorLines = (onLine: Command['onError']) => {
  let all = ''
  let rest = ''
  return {
    add: (data: Buffer) => {
      const text = data.toString('utf8')
      all = (all + text).slice(-errorBytesMax)
      const lines = (rest + text).split('\n')
      rest = (lines.pop() ?? '').slice(-errorBytesMax)
      for (const line of lines) onLine?.(line)
    },
    end: () => {
      if (rest) onLine?.(rest)
      return all
    },
  }
}
