import { trustSystem } from '../host/network/trust.ts'

const limitMs = 20_000

/** Posts a text to a URL. Throws why it was not taken; nothing of the URL but its host is in that. */
export const post = (
  url: string,
  { body, headers }: { body: string; headers: Record<string, string> },
): Promise<void> => ask(url, { method: 'POST', body, headers })

/** Asks for a URL and throws the answer away. Throws as `post` does. */
export const get = (url: string): Promise<void> => ask(url, { method: 'GET' })

const ask = async (text: string, init: RequestInit): Promise<void> => {
  const { url, headers } = withoutLogin(text)
  const { host } = url
  trustSystem()
  const response = await fetch(url, {
    ...init,
    headers: { ...headers, ...(init.headers as Record<string, string> | undefined) },
    // What it leads to was not named by anybody here.
    redirect: 'manual',
    signal: AbortSignal.timeout(limitMs),
  }).catch((error: unknown) => {
    throw new Error(`${host} cannot be reached: ${reasonOf(error)}`)
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`${host} answered ${response.status}`)
}

/** A login in a URL becomes a header: `fetch` takes none. It may be a password alone, as ntfy takes its tokens. */
const withoutLogin = (text: string) => {
  const url = new URL(text)
  if (url.username === '' && url.password === '') return { url, headers: {} }
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  url.username = ''
  url.password = ''
  return { url, headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` } }
}

const reasonOf = (error: unknown): string => {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return `no answer within ${limitMs / 1000} s`
  const cause = error instanceof Error ? error.cause : null
  if (cause instanceof Error && 'code' in cause) return String(cause.code)
  return 'the request failed'
}
