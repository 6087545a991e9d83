import type { Engine } from '../io/engine/engine.ts'
import { frames } from '../io/engine/frames.ts'

const linesMax = 200

/** The last lines that the edge's container printed, oldest first. */
export const lastLines = async (
  engine: Engine,
  container: string,
  sinceSeconds?: number,
): Promise<string[]> => {
  try {
    const stream = await engine.containers.logs(container, {
      tail: linesMax,
      ...(sinceSeconds === undefined ? {} : { since: sinceSeconds }),
    })
    let text = ''
    for await (const frame of frames(stream)) text += frame.data.toString('utf8')
    return text.split('\n').filter(Boolean).slice(-linesMax)
  } catch {
    // A log that can't be read must not hide the failure it was read for.
    return []
  }
}
