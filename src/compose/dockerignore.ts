/**
 * Whether a `.dockerignore` keeps a file out of a build, by docker's own rules: one pattern a line,
 * relative to the context; `*` and `?` stop at a slash, `**` does not; a pattern that fits a folder
 * fits all in it; `!` takes a file in again; the last pattern that fits decides. A set that is never
 * closed fits nothing, for docker refuses the build.
 */
export const isKeptOut = (patterns: string | null, path: string): boolean => {
  let keptOut = false
  for (const line of (patterns ?? '').split('\n')) {
    const text = line.trim()
    if (text === '' || text.startsWith('#')) continue
    const isException = text.startsWith('!')
    const pattern = cleaned(isException ? text.slice(1).trim() : text)
    if (pattern !== '' && fits(pattern, path)) keptOut = !isException
  }
  return keptOut
}

const cleaned = (pattern: string) =>
  pattern
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')

const fits = (pattern: string, path: string): boolean => {
  if (/(?<!\\)\[[^\]]*$/.test(pattern)) return false
  try {
    return new RegExp(`^${expression(pattern)}(?:/.*)?$`, 's').test(path)
  } catch {
    // A set such as `[z-a]` has nothing in it.
    return false
  }
}

const expression = (pattern: string): string => {
  let text = ''
  for (let at = 0; at < pattern.length; at++) {
    const rest = pattern.slice(at)
    if (rest.startsWith('**/')) {
      text += '(?:.*/)?'
      at += 2
    } else if (rest.startsWith('**')) {
      text += '.*'
      at += 1
    } else if (pattern[at] === '*') text += '[^/]*'
    else if (pattern[at] === '?') text += '[^/]'
    else if (pattern[at] === '\\' && at + 1 < pattern.length) text += literal(pattern[++at]!)
    else text += setAt(rest) ?? literal(pattern[at]!)
    if (pattern[at] === '[' && setAt(rest)) at += rest.indexOf(']')
  }
  return text
}

/** A set of characters, such as `[a-z]` or `[^x]`; anything stranger counts as its own letters. */
const setAt = (rest: string) => /^\[\^?[\w.-]+\]/.exec(rest)?.[0]

const literal = (character: string) => character.replace(/[.*+?^${}()|[\]\\/]/, String.raw`\$&`)
