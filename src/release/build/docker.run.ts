import { run } from '../../io/host/processes/process.ts'
import type { Builder } from './builder.ts'

/** The program `docker`, with the engine of a builder at its other end. */
export type Docker = ReturnType<typeof dockerOf>

/** Without a signal for what must be done though a build was given up. */
export const dockerOf =
  (builder: Builder, signal: AbortSignal | null = builder.signal) =>
  (argv: string[], limitMs: number, onLine?: (line: string) => void) =>
    run('docker', argv, {
      limitMs,
      env: builder.env,
      ...(signal ? { signal } : {}),
      ...(onLine ? { onLine } : {}),
    })

/** An image as its engine knows it; null for what an engine did not tell. */
export type EngineImage = {
  id: string | null
  /** Unpacked. */
  sizeBytes: number | null
  processor: string | null
}

export const inspect = async (docker: Docker, name: string): Promise<EngineImage> => {
  const argv = ['image', 'inspect', '--format', '{{.Id}} {{.Size}} {{.Architecture}}', name]
  const { code, stdout } = await docker(argv, 30_000)
  const [, id, size, processor] = (code === 0 ? /^(\S+) (\d+) (\S+)\s*$/.exec(stdout) : null) ?? []
  return {
    id: id ?? null,
    sizeBytes: size === undefined ? null : Number(size),
    processor: processor ?? null,
  }
}
