import { X509Certificate } from 'node:crypto'

/** The certificates of a PEM file, each written anew; null if there is none or one is damaged. */
export const certificatesIn = (text: string): string | null => {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    const written = blocks.map((block) => new X509Certificate(block).toString())
    return written.length > 0 ? written.join('') : null
  } catch {
    return null
  }
}
