/** Counts work under way, so that the agent ends only when all of it has. */
export const busyCounter = () => {
  let count = 0
  let wake: (() => void) | null = null
  return {
    during: async <Result>(work: () => Promise<Result>): Promise<Result> => {
      count += 1
      try {
        return await work()
      } finally {
        count -= 1
        if (count === 0) wake?.()
      }
    },
    /** Resolves when nothing is under way. */
    idle: () =>
      count === 0 ? Promise.resolve() : new Promise<void>((resolve) => (wake = resolve)),
  }
}
