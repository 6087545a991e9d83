import { run, runOk, type RunOptions } from '../io/host/processes/process.ts'

/** Runs the machine's `docker` client; any exit code is returned. */
export const docker = (argv: string[], options: RunOptions = {}) =>
  run('docker', argv, { limitMs: 120_000, ...options })

/** As `docker`, but a non-zero exit is a `Problem`; answers the output without its last newline. */
export const dockerOk = async (argv: string[], options: RunOptions = {}): Promise<string> =>
  (await runOk('docker', argv, { limitMs: 120_000, ...options })).stdout.trimEnd()

/** The lines of a `docker ... ls --format` answer, without empty ones. */
export const dockerLines = async (argv: string[]): Promise<string[]> =>
  (await dockerOk(argv)).split('\n').filter(Boolean)
