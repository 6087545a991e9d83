import { claimName } from '../io/host/claim.ts'

const pollMs = 200

/** Has a project's ledger alone for as long as `act` takes. Nothing happens if others have it for longer than `waitMs`. */
export const withLedger = async (
  project: string,
  waitMs: number,
  act: () => Promise<void>,
): Promise<void> => {
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    const claim = await claimName(`zarpe-alerts-${project}`)
    if (claim)
      try {
        return await act()
      } finally {
        await claim.release()
      }
    if (waitedMs >= waitMs) return
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}
