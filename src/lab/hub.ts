const limitMs = 3_000

let answer: Promise<boolean> | undefined

/** Whether Docker Hub can be reached from here; asked once for a process, within 3 s. */
export const isHubReachable = (): Promise<boolean> => (answer ??= probe())

const probe = async (): Promise<boolean> => {
  try {
    const signal = AbortSignal.timeout(limitMs)
    const response = await fetch('https://registry-1.docker.io/v2/', { signal })
    await response.body?.cancel()
    // Without a token the registry answers 401 and names its realm; a proxy's error page does not.
    return response.status === 401 && response.headers.has('www-authenticate')
  } catch {
    return false
  }
}
