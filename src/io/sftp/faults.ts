import { messageOf } from '../../problem/problem.ts'
import { type FaultKind, StoreFault } from '../fault.ts'

/** Numbers by which SFTP says why; 14 and 15 are of later drafts, and some servers send them. */
const kindOfStatus: Record<number, FaultKind> = {
  2: 'no-file',
  3: 'forbidden',
  6: 'dropped',
  7: 'dropped',
  8: 'unsupported',
  10: 'no-folder',
  14: 'full',
  15: 'full',
}

const kindOfSystem: Record<string, FaultKind> = {
  ENOTFOUND: 'name-unknown',
  EAI_AGAIN: 'name-unknown',
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'silent',
  EHOSTUNREACH: 'silent',
  ENETUNREACH: 'silent',
  ECONNRESET: 'dropped',
  EPIPE: 'dropped',
}

type SshError = Error & { code?: number | string; level?: string }

/** What an answer of the server means. `path` says what it was about. */
export const faultOfStatus = (thrown: unknown, path: string): StoreFault => {
  if (thrown instanceof StoreFault) return thrown
  const { code } = thrown as SshError
  const kind = typeof code === 'number' ? (kindOfStatus[code] ?? 'failed') : 'dropped'
  return new StoreFault(kind, `${path}: ${messageOf(thrown)}`, { cause: thrown })
}

/** Why no connection came about. */
export const faultOfConnecting = (thrown: unknown, where: string): StoreFault => {
  if (thrown instanceof StoreFault) return thrown
  const error = thrown as SshError
  return new StoreFault(connectingKind(error), `${where}: ${messageOf(error)}`, { cause: error })
}

const connectingKind = (error: SshError): FaultKind => {
  if (error.level === 'client-authentication') return 'login-refused'
  if (error.level === 'client-timeout') return 'silent'
  if (typeof error.code === 'string') return kindOfSystem[error.code] ?? 'failed'
  if (/privateKey|private key|passphrase/i.test(error.message)) return 'key-unusable'
  if (/subsystem/i.test(error.message)) return 'no-sftp'
  if (/^Connection lost|closed|ended/i.test(error.message)) return 'turned-away'
  return 'failed'
}
