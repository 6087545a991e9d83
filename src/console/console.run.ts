import type { Duplex } from 'node:stream'
import type { Engine } from '../io/engine/engine.ts'
import { frames } from '../io/engine/frames.ts'
import { runningContainer } from '../io/engine/running.ts'
import type { Wire } from '../io/wire/wire.ts'
import { Problem } from '../problem/problem.ts'
import { readCurrentRelease } from '../release/records/records.run.ts'
import type { ReleasedService } from '../release/model.ts'
import { unknownService } from '../release/problems.ts'
import { consoleInput, consoleOutput, type ConsoleParams, consoleSize } from './methods.ts'
import { oneOff } from './oneoff.ts'
import { secretMounts } from './secret-files.run.ts'

/** A command under way: its streams, how to size its terminal, and how it ended. */
type Running = {
  streams: Duplex
  resize: (rows: number, columns: number) => Promise<unknown>
  exitCode: () => Promise<number>
}

/** Runs a command in or beside a service's container and carries its streams over the wire. */
export const runConsole = async (engine: Engine, wire: Wire, params: ConsoleParams) => {
  const input = holdInput(wire)
  const service = await currentService(params)
  const running =
    params.where === 'exec'
      ? await startExec(engine, service, params)
      : await startOneOff(engine, service, params)
  try {
    carryInput(wire, running, input)
    if (params.terminal)
      await running.resize(params.terminal.rows, params.terminal.columns).catch(() => undefined)
    await carryOutput(wire, running.streams, params.terminal !== null)
    return { exitCode: await running.exitCode() }
  } finally {
    running.streams.destroy()
  }
}

const currentService = async (params: ConsoleParams): Promise<ReleasedService> => {
  const release = await readCurrentRelease(params.project)
  const found = release?.services.find((each) => each.service === params.service)
  if (found) return found
  throw unknownService(
    params.service,
    (release?.services ?? []).map((each) => each.service),
  )
}

const startExec = async (
  engine: Engine,
  service: ReleasedService,
  params: ConsoleParams,
): Promise<Running> => {
  const container = await runningContainer(engine, service.swarmService)
  if (!container)
    throw new Problem({
      code: 'console/not-running',
      summary: 'No task of the service runs.',
      detail: `"${params.service}" has no running container to enter.`,
      fix: ['zarpe status', `zarpe run ${params.service} -- ${params.command[0] ?? 'sh'}`],
    })
  const tty = params.terminal !== null
  const { Id } = await engine.containers.exec(container, {
    Cmd: params.command,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: tty,
  })
  return {
    streams: await engine.containers.execStart(Id, tty),
    resize: (rows, columns) => engine.containers.execResize(Id, rows, columns),
    exitCode: async () => (await engine.containers.execInspect(Id)).ExitCode ?? 1,
  }
}

const runLimitMs = 24 * 3_600_000

const startOneOff = async (
  engine: Engine,
  service: ReleasedService,
  params: ConsoleParams,
): Promise<Running> => {
  const secrets = await secretMounts(engine, service)
  const name = `${params.project}_run-${Date.now().toString(36)}`
  const { Id } = await engine.containers.create(name, oneOff(params, service, secrets))
  const streams = await engine.containers.attach(Id)
  // It is removed with its end, and nobody could be asked how that was.
  const ended = engine.containers.wait(Id, runLimitMs, 'next-exit')
  ended.catch(() => undefined)
  try {
    await engine.containers.start(Id)
  } catch (error) {
    await engine.containers.remove(Id)
    throw error
  }
  return {
    streams,
    resize: (rows, columns) => engine.containers.resize(Id, rows, columns),
    exitCode: async () => (await ended).StatusCode,
  }
}

type Input = Parameters<Parameters<typeof readInput>[1]>[0]

const readInput = (wire: Wire, handler: (input: { data: string } | { end: true }) => void) =>
  wire.onNotice(consoleInput, handler)

/** Input may come before the command has started; it is held until somebody takes it. */
const holdInput = (wire: Wire) => {
  const held: Input[] = []
  let take: ((input: Input) => void) | null = null
  readInput(wire, (input) => (take ? take(input) : void held.push(input)))
  return (taker: (input: Input) => void) => {
    take = taker
    for (const input of held.splice(0)) taker(input)
  }
}

const carryInput = (wire: Wire, running: Running, onInput: ReturnType<typeof holdInput>) => {
  onInput((input) => {
    if ('end' in input) running.streams.end()
    else running.streams.write(Buffer.from(input.data, 'base64'))
  })
  wire.onNotice(consoleSize, ({ rows, columns }) => {
    running.resize(rows, columns).catch(() => undefined)
  })
  // Whoever asked is gone: the command's input ends, and its output goes nowhere.
  wire.onClose(() => running.streams.destroy())
}

const carryOutput = async (wire: Wire, streams: Duplex, isTerminal: boolean) => {
  try {
    if (isTerminal) {
      for await (const part of streams)
        await wire.send(consoleOutput, {
          from: 'stdout',
          data: (part as Buffer).toString('base64'),
        })
      return
    }
    for await (const frame of frames(streams))
      await wire.send(consoleOutput, { from: frame.from, data: frame.data.toString('base64') })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}
