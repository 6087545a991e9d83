import type { Caller } from './engine.ts'
import { EngineError } from './http.ts'
import type { Container, ContainerCreate, ContainerSummary, Stats } from './types.ts'

/** Calls about containers, by name or id. */
export const containerCalls = (caller: Caller) => ({
  list: (filters: Record<string, string[]>, all = true) =>
    caller.json<ContainerSummary[]>({
      method: 'GET',
      path: '/containers/json',
      query: { all, filters },
    }),
  inspect: (id: string) =>
    caller.json<Container>({ method: 'GET', path: `/containers/${id}/json` }),
  /** Null when there is no such container. */
  find: (id: string) =>
    missingIsNull(caller.json<Container>({ method: 'GET', path: `/containers/${id}/json` })),
  create: (name: string, body: ContainerCreate) =>
    caller.json<{ Id: string }>({
      method: 'POST',
      path: '/containers/create',
      query: { name },
      body,
    }),
  start: (id: string) => caller.json<null>({ method: 'POST', path: `/containers/${id}/start` }),
  stop: (id: string, graceSeconds: number) =>
    caller.json<null>({
      method: 'POST',
      path: `/containers/${id}/stop`,
      query: { t: graceSeconds },
      limitMs: (graceSeconds + 30) * 1000,
    }),
  restart: (id: string, graceSeconds: number) =>
    caller.json<null>({
      method: 'POST',
      path: `/containers/${id}/restart`,
      query: { t: graceSeconds },
      limitMs: (graceSeconds + 30) * 1000,
    }),
  /** Also the volumes without a name that its image made it bring along. */
  remove: (id: string) =>
    missingIsNull(
      caller.json<null>({
        method: 'DELETE',
        path: `/containers/${id}`,
        query: { force: true, v: true },
      }),
    ),
  /** Resolves with the exit code when the container has ended; of one that is not started yet when it will have. */
  wait: (id: string, limitMs: number, when: 'not-running' | 'next-exit' = 'not-running') =>
    caller.json<{ StatusCode: number }>({
      method: 'POST',
      path: `/containers/${id}/wait`,
      query: { condition: when },
      limitMs,
    }),
  /** With `atOnce` without waiting for a second look, which alone tells how much of the processors is used. */
  stats: (id: string, atOnce = false) =>
    caller.json<Stats>({
      method: 'GET',
      path: `/containers/${id}/stats`,
      query: { stream: false, 'one-shot': atOnce },
    }),
  /** Changes what a container may use while it runs. */
  update: (id: string, body: { CpuPeriod: number; CpuQuota: number }) =>
    caller.json<{ Warnings: string[] | null }>({
      method: 'POST',
      path: `/containers/${id}/update`,
      body,
    }),
  logs: (id: string, query: Record<string, string | number | boolean>) =>
    caller.stream({
      method: 'GET',
      path: `/containers/${id}/logs`,
      query: { stdout: true, stderr: true, ...query },
    }),
  /** Bytes both ways with a container's own streams; to be opened before it starts. */
  attach: (id: string) =>
    caller.hijack({
      method: 'POST',
      path: `/containers/${id}/attach`,
      query: { stream: true, stdin: true, stdout: true, stderr: true },
    }),
  resize: (id: string, rows: number, columns: number) =>
    caller.json<null>({
      method: 'POST',
      path: `/containers/${id}/resize`,
      query: { h: rows, w: columns },
    }),
  exec: (id: string, body: ExecCreate) =>
    caller.json<{ Id: string }>({ method: 'POST', path: `/containers/${id}/exec`, body }),
  execStart: (execId: string, tty: boolean) =>
    caller.hijack({
      method: 'POST',
      path: `/exec/${execId}/start`,
      body: { Detach: false, Tty: tty },
    }),
  execInspect: (execId: string) =>
    caller.json<{ ExitCode: number | null; Running: boolean }>({
      method: 'GET',
      path: `/exec/${execId}/json`,
    }),
  execResize: (execId: string, rows: number, columns: number) =>
    caller.json<null>({
      method: 'POST',
      path: `/exec/${execId}/resize`,
      query: { h: rows, w: columns },
    }),
})

export type ExecCreate = {
  Cmd: string[]
  AttachStdin: boolean
  AttachStdout: boolean
  AttachStderr: boolean
  Tty: boolean
  Env?: string[]
  User?: string
  WorkingDir?: string
}

/** Turns the API's 404 into null, for reads and removals where absence is an answer. */
export const missingIsNull = async <Result>(call: Promise<Result>): Promise<Result | null> => {
  try {
    return await call
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return null
    throw error
  }
}
