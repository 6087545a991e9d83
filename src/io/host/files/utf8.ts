/** Bytes as UTF-8 text, or null: a byte that is no UTF-8 would become another one on the way. */
export const utf8 = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
