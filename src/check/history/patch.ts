/** A line that a commit added, where it then stood. */
export type AddedLine = { commit: string; file: string; line: number; text: string }

/** What the reader of a patch remembers from one line to the next. */
type State = { commit: string; file: string | null; line: number; left: number }

/** Begins the line that names a commit; no other line of a patch has this byte at its start. */
export const commitMark = '\u0001'

/**
 * Reads the output of `git log --patch --unified=0 --format=%x01%H` line by line and tells of each line
 * that was added. A commit that only deletes, renames or changes rights adds none.
 */
export const patchReader = (onAdded: (added: AddedLine) => void, onCommit: () => void) => {
  const state: State = { commit: '', file: null, line: 0, left: 0 }
  return (text: string) => {
    if (text.startsWith(commitMark)) {
      Object.assign(state, { commit: text.slice(1), file: null, left: 0 })
      onCommit()
    } else if (state.left > 0 && text.startsWith('+')) {
      if (state.file !== null)
        onAdded({ commit: state.commit, file: state.file, line: state.line, text: text.slice(1) })
      state.line += 1
      state.left -= 1
    } else if (state.left > 0 && text.startsWith('-')) return
    else if (text.startsWith('+++ ')) state.file = fileIn(text.slice(4))
    else {
      const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(text)
      if (hunk) Object.assign(state, { line: Number(hunk[1]), left: Number(hunk[2] ?? 1) })
    }
  }
}

/** `b/name`, or in quotes if the name has odd characters; null for a file that is gone. */
const fileIn = (text: string): string | null => {
  const plain = text.startsWith('"') ? unquoted(text) : text.replace(/\t$/, '')
  return plain === '/dev/null' ? null : plain.replace(/^b\//, '')
}

const signs: Record<string, string> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' }

/** Git's way with bytes that a terminal would not like: `\t`, `\"`, `\303\274`. */
const unquoted = (text: string): string => {
  const inner = text.replace(/^"|"\s*$/g, '')
  const bytes = inner.replaceAll(/\\([0-7]{3}|.)/g, (_all, sign: string) =>
    /^[0-7]{3}$/.test(sign)
      ? String.fromCodePoint(Number.parseInt(sign, 8))
      : (signs[sign] ?? sign),
  )
  // Only what was escaped is a byte by itself.
  return /\\[0-7]{3}/.test(inner) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes
}
