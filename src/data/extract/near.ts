const nearMax = 6

/**
 * Finds among names, as they pass, those that somebody who wrote `given` may have meant, the likeliest first. What
 * stands before the last `separator`, such as a schema or a folder, may be left out or wrong.
 */
export const nearFinder = (given: string, separator: '.' | '/') => {
  const found: { name: string; far: number }[] = []
  const lastWord = (name: string) => name.slice(name.lastIndexOf(separator) + 1)
  const whole = given.toLowerCase()
  const last = lastWord(whole)
  return {
    add: (name: string) => {
      const lower = name.toLowerCase()
      const far = lower === whole ? 0 : distance(last, lastWord(lower))
      if (far === null) return
      found.push({ name, far })
      found.sort((left, right) => left.far - right.far)
      found.splice(nearMax)
    },
    names: () => found.map(({ name }) => name),
  }
}

/** As `nearFinder`, of names that are all there. */
export const nearOf = (given: string, names: string[], separator: '.' | '/'): string[] => {
  const finder = nearFinder(given, separator)
  for (const name of names) finder.add(name)
  return finder.names()
}

/** How unlike two words are; null for those that nobody would mix up. */
const distance = (left: string, right: string): number | null => {
  if (left === right) return 1
  const edits = editsBetween(left, right, 2)
  if (edits !== null) return 1 + edits
  return left.length > 2 && right.includes(left) ? 4 : null
}

/** Letters to change, add or take away; null if more than `most`. */
const editsBetween = (left: string, right: string, most: number): number | null => {
  if (Math.abs(left.length - right.length) > most || Math.min(left.length, right.length) <= most)
    return null
  let row = Array.from({ length: right.length + 1 }, (_each, index) => index)
  for (let at = 1; at <= left.length; at++) {
    const next = [at]
    for (let to = 1; to <= right.length; to++) {
      const changed = row[to - 1]! + (left[at - 1] === right[to - 1] ? 0 : 1)
      next.push(Math.min(row[to]! + 1, next[to - 1]! + 1, changed))
    }
    row = next
  }
  const edits = row[right.length]!
  return edits <= most ? edits : null
}
