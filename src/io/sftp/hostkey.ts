import { createHash } from 'node:crypto'
import type { ServerHostKeyAlgorithm } from 'ssh2'

/** A server's public key, in the two words that ssh-keyscan and known_hosts write it with. */
export type HostKey = { type: string; base64: string }

/** The key in "ssh-ed25519 AAAA…", or null if the text is none. A comment after it is left out. */
export const parseHostKey = (text: string): HostKey | null => {
  const [type = '', base64 = ''] = text.trim().split(/\s+/)
  const blob = Buffer.from(base64, 'base64')
  return type !== '' && blob.length > 16 && typeOf(blob) === type
    ? { type, base64: blob.toString('base64') }
    : null
}

/** A key as it came over the line. */
export const hostKeyOf = (blob: Buffer): HostKey => ({
  type: typeOf(blob),
  base64: blob.toString('base64'),
})

export const hostKeyText = ({ type, base64 }: HostKey): string => `${type} ${base64}`

/** The fingerprint as ssh and hosters show it: "SHA256:…". */
export const fingerprintOf = ({ base64 }: HostKey): string => {
  const hash = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64')
  return `SHA256:${hash.replace(/=+$/, '')}`
}

/**
 * The algorithms to ask the server for, so that it shows the key of the type that is pinned: it has
 * several. Without a pin, those in the order of OpenSSH.
 */
export const algorithmsFor = (pin: HostKey | null): ServerHostKeyAlgorithm[] => {
  if (pin === null) return ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256']
  if (pin.type === 'ssh-rsa') return ['rsa-sha2-512', 'rsa-sha2-256']
  return [pin.type as ServerHostKeyAlgorithm]
}

/** The type stands in the key itself: a length and that many letters. */
const typeOf = (blob: Buffer): string => {
  if (blob.length < 4) return ''
  const length = blob.readUInt32BE(0)
  return length > 64 ? '' : blob.toString('latin1', 4, 4 + length)
}
