import { missingIsNull } from './containers.ts'
import type { Caller } from './engine.ts'
import { Problem } from '../../problem/problem.ts'
import type { Image } from './types.ts'

type PullLine = {
  status?: string
  id?: string
  error?: string
  progressDetail?: { current?: number; total?: number }
}

/** Calls about images, by reference or id. */
export const imageCalls = (caller: Caller) => ({
  /** Null when the engine does not have it. */
  find: (reference: string) =>
    missingIsNull(
      caller.json<Image>({ method: 'GET', path: `/images/${encodeURIComponent(reference)}/json` }),
    ),
  list: (filters: Record<string, string[]>) =>
    caller.json<
      {
        Id: string
        RepoTags: string[] | null
        RepoDigests: string[] | null
        Created: number
        Size: number
        Labels: Record<string, string> | null
      }[]
    >({
      method: 'GET',
      path: '/images/json',
      query: { filters },
    }),
  /**
   * What a name stands for in its registry now: its digest, and the processors that it is there for (none if the registry
   * does not tell). Nothing is pulled.
   */
  remote: async (
    reference: string,
    limitMs = 30_000,
  ): Promise<{ digest: string; processors: string[] }> => {
    const found = await caller.json<{
      Descriptor: { digest: string }
      Platforms?: { architecture: string; os: string }[] | null
    }>({
      method: 'GET',
      path: `/distribution/${reference}/json`,
      limitMs,
    })
    const platforms = (found.Platforms ?? []).filter(({ os }) => os === 'linux')
    const processors = [...new Set(platforms.map(({ architecture }) => architecture))]
    return { digest: found.Descriptor.digest, processors }
  },
  tag: (reference: string, repository: string, tag: string) =>
    caller.json<null>({
      method: 'POST',
      path: `/images/${encodeURIComponent(reference)}/tag`,
      query: { repo: repository, tag },
    }),
  remove: (reference: string) =>
    missingIsNull(
      caller.json<unknown>({ method: 'DELETE', path: `/images/${encodeURIComponent(reference)}` }),
    ),
  /**
   * Pulls a reference and tells each change of a layer's state.
   * Throws the `Problem` "image/not-pulled" with the engine's own words.
   */
  pull: async (reference: string, onLine: (line: PullLine) => void, signal?: AbortSignal) => {
    const response = await caller.stream({
      method: 'POST',
      path: '/images/create',
      query: { fromImage: reference },
      ...(signal ? { signal } : {}),
    })
    let rest = ''
    response.setEncoding('utf8')
    for await (const part of response) {
      const lines = (rest + (part as string)).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) readLine(reference, line, onLine)
    }
    readLine(reference, rest, onLine)
  },
})

const readLine = (reference: string, line: string, onLine: (line: PullLine) => void) => {
  if (!line.trim()) return
  const parsed = JSON.parse(line) as PullLine
  if (parsed.error) throw notPulled(reference, parsed.error)
  onLine(parsed)
}

/** The engine could not get an image; `reason` is the engine's own text. */
export const notPulled = (reference: string, reason: string) =>
  new Problem({
    code: 'image/not-pulled',
    summary: 'An image could not be pulled.',
    detail: `The server could not pull ${reference}: ${reason}`,
    fix: [`Check that the name and tag exist: docker manifest inspect ${reference}`],
  })
