import { messageOf, Problem } from '../../../problem/problem.ts'

/** Fetches a small file over HTTPS: all of it within the limit, or a `Problem`. */
export const download = async (
  url: string,
  limits: { limitMs: number; bytesMax: number },
): Promise<Buffer> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(limits.limitMs) })
    if (!response.ok) throw new Error(`the answer was ${response.status}`)
    const parts: Uint8Array[] = []
    let length = 0
    for await (const part of response.body ?? []) {
      length += part.length
      if (length > limits.bytesMax) throw new Error(`it is larger than ${limits.bytesMax} bytes`)
      parts.push(part)
    }
    return Buffer.concat(parts)
  } catch (thrown) {
    throw new Problem(
      {
        code: 'host/download-failed',
        summary: 'A file could not be downloaded.',
        detail: `${url}: ${reasonOf(thrown)}.`,
        fix: [`curl -fsSI ${url}`],
      },
      { cause: thrown },
    )
  }
}

/** `fetch` says only that it failed; why is in the cause. */
const reasonOf = (thrown: unknown) =>
  thrown instanceof Error && thrown.cause ? messageOf(thrown.cause) : messageOf(thrown)
