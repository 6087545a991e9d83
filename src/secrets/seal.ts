import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

// AES-256-GCM: a nonce of its own for each text, then the tag, then the text. What a sealed text
// belongs to is authenticated with it, so that one cannot be put in the place of another.

const version = 's1.'
const nonceBytes = 12
const tagBytes = 16

/** A key for one purpose, of a master key; neither tells anything about the other. */
export const keyFor = (master: Uint8Array, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', master, new Uint8Array(), `zarpe/${purpose}`, 32))

/** A text that only somebody with the key can read, or change unnoticed. */
export const seal = (key: Uint8Array, text: string, belongsTo: string): string => {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(belongsTo))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return version + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
}

/** The text that was sealed; null when the key is another, or the text was changed or moved. */
export const unseal = (key: Uint8Array, sealed: string, belongsTo: string): string | null => {
  if (!sealed.startsWith(version)) return null
  const bytes = Buffer.from(sealed.slice(version.length), 'base64')
  const nonce = bytes.subarray(0, nonceBytes)
  const tag = bytes.subarray(nonceBytes, nonceBytes + tagBytes)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(belongsTo))
    decipher.setAuthTag(tag)
    const body = bytes.subarray(nonceBytes + tagBytes)
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}
