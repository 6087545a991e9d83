import { withClaim } from '../io/host/files/claim.ts'

const pollMs = 200

/** Has a project's ledger alone for as long as `act` takes. Nothing happens if others have it for longer than `waitMs`. */
export const withLedger = (
  project: string,
  waitMs: number,
  act: () => Promise<void>,
): Promise<void> => {
  const late = () => undefined
  return withClaim(`zarpe-alerts-${project}`, { pollMs, within: { limitMs: waitMs, late } }, act)
}
