/**
 * A name of any bytes as text that can be printed and read back: a backslash, what is not UTF-8 and what a
 * terminal would act upon stand as `\\`, `\n` and `\xNN`. Two names that differ do so here too.
 */
export const escaped = (bytes: Buffer): string => {
  const text = bytes.toString('utf8')
  const isText = Buffer.from(text, 'utf8').equals(bytes)
  const seen = isText ? text : bytes.toString('latin1')
  return seen.replaceAll(/./gsu, (each) => escapedOne(each, isText))
}

const escapedOne = (each: string, isText: boolean): string => {
  if (each === '\\') return '\\\\'
  if (each === '\n') return '\\n'
  const code = each.codePointAt(0)!
  const isPlain = code >= 0x20 && code < 0x7f
  // C1 controls, and what turns the direction of writing, would lie about the name.
  if (isPlain || (isText && code >= 0xa0 && !/\p{Cf}/u.test(each))) return each
  return [...Buffer.from(each, isText ? 'utf8' : 'latin1')]
    .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
    .join('')
}

/** The bytes of a name that `escaped` has written. */
export const unescaped = (text: string): Buffer =>
  Buffer.concat(
    [...text.matchAll(/\\x([0-9a-f]{2})|\\(n|\\)|([^\\]+|\\)/gsu)].map(([, hex, sign, plain]) => {
      if (hex !== undefined) return Buffer.from(hex, 'hex')
      return Buffer.from(sign === 'n' ? '\n' : (sign ?? plain ?? ''), 'utf8')
    }),
  )
