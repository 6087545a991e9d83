const header = '-----BEGIN AGE ENCRYPTED FILE-----'

/** The text of a file in age's text form; null for one in the binary form. */
export const parseArmored = (file: Uint8Array): string | null => {
  const text = Buffer.from(file).toString('latin1')
  return text.trimStart().startsWith(header) ? text : null
}

/** Whether a file holds both sides of a merge that git could not make. */
export const hasConflict = (file: Uint8Array): boolean =>
  /^<{7} /m.test(Buffer.from(file).toString('latin1'))

/** Whether the library says that a file is whole but not for any of the keys. */
export const isMessageOfNoMatch = (thrown: unknown): boolean =>
  thrown instanceof Error && /no identity matched/.test(thrown.message)
