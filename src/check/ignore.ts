/**
 * Whether a .dockerignore keeps a file of the context's top folder out of a build. Later lines win;
 * `!` takes back; `*` stops at a slash and `**` does not, as in Docker.
 */
export const isIgnored = (ignore: string | null, name: string): boolean => {
  let ignored = false
  for (const raw of (ignore ?? '').split(/\r?\n/)) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const takesBack = line.startsWith('!')
    if (patternOf(takesBack ? line.slice(1) : line).test(name)) ignored = !takesBack
  }
  return ignored
}

const patternOf = (glob: string): RegExp => {
  const clean = glob
    .trim()
    .replace(/^\.?\//, '')
    .replace(/\/$/, '')
  const source = clean.replaceAll(/\*\*\/?|\*|\?|[.+^${}()|\\]/g, (part) => {
    if (part.startsWith('**')) return part.endsWith('/') ? '(?:.*/)?' : '.*'
    if (part === '*') return '[^/]*'
    return part === '?' ? '[^/]' : `\\${part}`
  })
  try {
    return new RegExp(`^${source}(?:/.*)?$`)
  } catch {
    // A bracket that is never closed matches nothing, and Docker refuses the build.
    return /(?!)/
  }
}
