import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

const noText = { is: 'no text' } as const

/** What was found where a small text was looked for. */
export type SmallText = { is: 'text'; text: string } | { is: 'too large' } | { is: 'no text' }

/**
 * The text of a small file. What is no file, a link, gone, or holds a NUL byte is no text.
 * Synchronous on purpose: thousands of small files take a fraction of the time this way.
 */
export const readSmallText = (path: string, bytesMax: number): SmallText => {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return noText
  }
  try {
    const facts = fstatSync(file)
    if (!facts.isFile()) return noText
    if (facts.size > bytesMax) return { is: 'too large' }
    const bytes = readFileSync(file)
    return bytes.includes(0) ? noText : { is: 'text', text: bytes.toString('utf8') }
  } finally {
    closeSync(file)
  }
}
