import type { Builder } from './builder.ts'

/**
 * Builds for the processor of the server, which is known once the server has answered. It is mostly the one that the
 * builder begins with: the build begins at once, and is given up and begun anew if it was another.
 */
export const forProcessor = async <Built>(
  builder: Builder,
  processor: Promise<string>,
  build: (builder: Builder) => Promise<Built>,
): Promise<Built> => {
  const other = new AbortController()
  const fits = processor.then((name) => {
    if (name !== builder.processor) other.abort()
    return name === builder.processor
  })
  // A server that cannot be reached is told by whoever waits for it.
  fits.catch(() => undefined)
  const first = { ...builder, signal: AbortSignal.any([builder.signal, other.signal]) }
  const built = await build(first).then(
    (value) => ({ value }),
    async (error: unknown) => {
      // Its base image, say, may be there for the server's processor alone.
      if (await fits.catch(() => true)) throw error
      return null
    },
  )
  if (built && (await fits)) return built.value
  return build({ ...builder, processor: await processor })
}
