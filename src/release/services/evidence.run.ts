import type { Engine } from '../../io/engine/engine.ts'
import { frames } from '../../io/engine/frames.ts'
import type { Task } from '../../io/engine/types.ts'

/** A crash of Node or Python takes about twenty, the cause first. */
const linesMax = 24

/** The engine's and the health check's own words and the last lines a task printed, oldest first. Never throws. */
export const evidenceOf = async (engine: Engine, task: Task): Promise<string[]> => {
  const id = task.Status.ContainerStatus?.ContainerID
  if (!id) return task.Status.Err ? [task.Status.Err] : []
  const [engineWords, printed] = await Promise.all([wordsOf(engine, id), lastLines(engine, id)])
  return [...engineWords, ...printed]
}

const wordsOf = async (engine: Engine, id: string): Promise<string[]> => {
  const container = await engine.containers.find(id).catch(() => null)
  const last = container?.State.Health?.Log?.findLast((entry) => entry.ExitCode !== 0)
  const test = last ? `health check exits ${last.ExitCode}: ${last.Output.trim()}` : null
  return [
    ...(container?.State.OOMKilled ? ['the kernel killed it: out of memory'] : []),
    ...(test ? [test.slice(0, 500)] : []),
  ]
}

const lastLines = async (engine: Engine, id: string): Promise<string[]> => {
  try {
    const source = await engine.containers.logs(id, { tail: linesMax })
    let text = ''
    for await (const frame of frames(source)) text += frame.data.toString('utf8')
    return text
      .split('\n')
      .filter((line) => line.trim())
      .slice(-linesMax)
      .map((line) => line.slice(0, 500))
  } catch {
    // The container may be gone already; the reason is told all the same.
    return []
  }
}
