import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'

// What PostgreSQL keeps of a password, RFC 5803: enough to check it by, nothing to log in with. It is made here,
// so that the password itself is in no statement and in no log of the server.

const iterationsDefault = 4096
const iterationsMax = 10_000_000
const form = /^SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]+=*):([A-Za-z0-9+/]+=*)$/

/** The verifier of a password of printable ASCII; others would first be prepared, and not by all alike. */
export const scramVerifier = (
  password: string,
  salt: Buffer,
  iterations = iterationsDefault,
): string => {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const keyOf = (name: string) => createHmac('sha256', salted).update(name).digest()
  const stored = createHash('sha256').update(keyOf('Client Key')).digest('base64')
  const server = keyOf('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${server}`
}

/** Whether a verifier, as a server keeps it, is of this password. One of another kind is of none. */
export const isVerifierOf = (verifier: string | null, password: string): boolean => {
  const [, iterations, salt] = form.exec(verifier ?? '') ?? []
  if (!verifier || !iterations || !salt || Number(iterations) > iterationsMax) return false
  const own = Buffer.from(scramVerifier(password, Buffer.from(salt, 'base64'), Number(iterations)))
  const there = Buffer.from(verifier)
  return own.length === there.length && timingSafeEqual(own, there)
}
