/**
 * Quotes one word for a POSIX shell. The only place where text is made fit for a shell; it is used
 * for Zarpe's own constant scripts alone: values travel as data on stdin.
 */
export const quote = (word: string): string => {
  if (word.includes('\0')) throw new Error('a shell word cannot hold a NUL')
  return `'${word.replaceAll("'", `'\\''`)}'`
}
