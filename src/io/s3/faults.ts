import { messageOf } from '../../problem/problem.ts'
import { type FaultKind, StoreFault } from '../fault.ts'
import { textOf } from './xml.ts'

/** What services say, in the words of S3 and of those that speak it as well. */
const kindOfCode: Record<string, FaultKind> = {
  InvalidAccessKeyId: 'login-refused',
  SignatureDoesNotMatch: 'login-refused',
  AccessDenied: 'forbidden',
  AllAccessDisabled: 'forbidden',
  RequestTimeTooSkewed: 'wrong-clock',
  NoSuchBucket: 'no-folder',
  NoSuchKey: 'no-file',
  // The upload ended, by us in a try whose answer was lost, or by a sweep: the next try looks.
  NoSuchUpload: 'dropped',
  RequestTimeout: 'dropped',
  QuotaExceeded: 'full',
  InsufficientStorage: 'full',
  XMinioStorageFull: 'full',
  PermanentRedirect: 'wrong-region',
  AuthorizationHeaderMalformed: 'wrong-region',
  BadDigest: 'damaged',
  InvalidDigest: 'damaged',
  XAmzContentSHA256Mismatch: 'damaged',
  SlowDown: 'busy',
  ServiceUnavailable: 'busy',
  InternalError: 'busy',
}

const kindOfStatus: Record<number, FaultKind> = {
  301: 'wrong-region',
  401: 'login-refused',
  403: 'forbidden',
  404: 'no-file',
  429: 'busy',
  507: 'full',
}

/** What an answer means that is none of success. */
export const faultOfAnswer = (what: string, status: number, body: string): StoreFault => {
  const code = textOf(body, 'Code')
  const kind = kindOfCode[code] ?? kindOfStatus[status] ?? (status >= 500 ? 'busy' : 'failed')
  return new StoreFault(
    kind,
    `${what}: ${[status, code, textOf(body, 'Message')].filter(Boolean).join(' ')}`,
  )
}

const kindOfSystem: Record<string, FaultKind> = {
  ENOTFOUND: 'name-unknown',
  EAI_AGAIN: 'name-unknown',
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'silent',
  EHOSTUNREACH: 'silent',
  ENETUNREACH: 'silent',
  UND_ERR_CONNECT_TIMEOUT: 'silent',
}

/** Why there was no answer, or not a whole one. `fetch` says only that it failed; why is in the cause. */
export const faultOfFetch = (what: string, thrown: unknown): StoreFault => {
  if (thrown instanceof StoreFault) return thrown
  const cause = thrown instanceof Error && thrown.cause ? thrown.cause : thrown
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  const kind = /CERT|SELF_SIGNED|ERR_TLS|ERR_SSL|UNABLE_TO/.test(code)
    ? 'certificate'
    : (kindOfSystem[code] ?? 'dropped')
  return new StoreFault(kind, `${what}: ${messageOf(cause)}`, { cause: thrown })
}
