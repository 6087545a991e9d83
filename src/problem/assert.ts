/** Stops on a bug in Zarpe itself. What a user or a server can cause is a `Problem` instead. */
export function assert(condition: unknown, text: string): asserts condition {
  if (!condition) throw new Error(`Bug in Zarpe: ${text}`)
}
