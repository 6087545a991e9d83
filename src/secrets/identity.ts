/** The secret keys in a file as `age-keygen` writes it, or null if a line is anything else. */
export const parseIdentities = (text: string): string[] | null => {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  if (lines.length === 0) return null
  return lines.every((line) => /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/.test(line)) ? lines : null
}

/** A key file as `age-keygen` writes it. */
export const identityFile = (identity: string, recipient: string, at: string): string =>
  `# created: ${at}\n# public key: ${recipient}\n${identity}\n`
