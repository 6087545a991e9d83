const limitMs = 20_000

/** Posts a text to a URL. Throws why it was not taken; nothing of the URL but its host is in that. */
export const post = (
  url: string,
  { body, headers }: { body: string; headers: Record<string, string> },
): Promise<void> => ask(url, { method: 'POST', body, headers })

/** Asks for a URL and throws the answer away. Throws as `post` does. */
export const get = (url: string): Promise<void> => ask(url, { method: 'GET' })

const ask = async (url: string, init: RequestInit): Promise<void> => {
  const { host } = new URL(url)
  const response = await fetch(url, {
    ...init,
    // What it leads to was not named by anybody here.
    redirect: 'manual',
    signal: AbortSignal.timeout(limitMs),
  }).catch((error: unknown) => {
    throw new Error(`${host} cannot be reached: ${reasonOf(error)}`)
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`${host} answered ${response.status}`)
}

const reasonOf = (error: unknown): string => {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return `no answer within ${limitMs / 1000} s`
  const cause = error instanceof Error ? error.cause : null
  if (cause instanceof Error && 'code' in cause) return String(cause.code)
  return 'the request failed'
}
