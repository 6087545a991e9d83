/** Why a place that keeps files elsewhere did not do what it was asked. */
export type FaultKind =
  | 'name-unknown'
  | 'refused'
  | 'silent'
  | 'turned-away'
  | 'certificate'
  | 'login-refused'
  | 'key-unusable'
  | 'host-key-unpinned'
  | 'host-key-changed'
  | 'no-sftp'
  /** The connection ended in the middle of something: worth another try. */
  | 'dropped'
  /** The other side asks for patience: worth another try. */
  | 'busy'
  | 'no-file'
  | 'no-folder'
  | 'forbidden'
  | 'full'
  | 'wrong-region'
  | 'wrong-clock'
  | 'too-many'
  | 'damaged'
  | 'unsupported'
  | 'failed'

/**
 * What a door to a store throws. It does not know what the store is called or what helps; whoever
 * opened the store turns it into a `Problem`.
 */
export class StoreFault extends Error {
  readonly kind: FaultKind
  /** What is known beyond the kind, such as the other side's own words; never a secret. */
  readonly detail: string
  /** The key that the server showed, where that is what the fault is about. */
  readonly hostKey: string | null

  constructor(
    kind: FaultKind,
    detail: string,
    options: { cause?: unknown; hostKey?: string } = {},
  ) {
    super(`${kind}: ${detail}`, options)
    this.name = 'StoreFault'
    this.kind = kind
    this.detail = detail
    this.hostKey = options.hostKey ?? null
  }
}
