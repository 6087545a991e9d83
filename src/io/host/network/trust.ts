// As a whole: an older Node lacks some of it, and must be able to load this far to say that it is too old.
import * as tls from 'node:tls'

let isDone = false

/**
 * From now on TLS trusts whom this machine trusts, beside Node's own list. Not from the start, for to read that takes a tenth of a
 * second.
 */
export const trustSystem = (): void => {
  if (isDone) return
  isDone = true
  tls.setDefaultCACertificates([
    ...tls.getCACertificates('default'),
    ...tls.getCACertificates('system'),
  ])
}
