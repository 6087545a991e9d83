const keys = { interrupt: '\u0003', end: '\u0004', backspace: '\u007f', erase: '\b' }

/** Makes a terminal say where a paste begins and ends, and stop saying so. */
export const bracketedPaste = { on: '\u001b[?2004h', off: '\u001b[?2004l' }

const pasteBegins = '\u001b[200~'
const pasteEnds = '\u001b[201~'

/** What was typed so far, on a terminal that shows nothing of it. */
export type Typed = { text: string; isPasting: boolean; state: 'typing' | 'done' | 'interrupted' }

export const nothingTyped: Typed = { text: '', isPasting: false, state: 'typing' }

/**
 * Takes what a terminal in raw mode sends. Enter ends the value; in a paste it is part of it, for the
 * rest of a pasted key would otherwise go to the shell, and into its history.
 */
export const takeTyped = (before: Typed, input: string): Typed => {
  let { text, isPasting } = before
  for (let at = 0; at < input.length;) {
    const rest = input.slice(at)
    if (rest.startsWith(pasteBegins) || rest.startsWith(pasteEnds)) {
      isPasting = rest.startsWith(pasteBegins)
      at += pasteBegins.length
      continue
    }
    const key = String.fromCodePoint(input.codePointAt(at)!)
    at += key.length
    if (isPasting) text += key === '\r' ? '\n' : key
    else if (key === keys.interrupt) return { text: '', isPasting, state: 'interrupted' }
    else if (key === '\r' || key === '\n' || key === keys.end)
      return { text, isPasting, state: 'done' }
    else if (key === keys.backspace || key === keys.erase)
      text = Array.from(text).slice(0, -1).join('')
    else text += key
  }
  return { text, isPasting, state: 'typing' }
}
