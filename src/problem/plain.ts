import { stripVTControlCharacters } from 'node:util'

// What programs on the server print may come from anybody who can send them a request. It must not
// move the cursor, rename the window or overwrite what was said before.

const escape = String.fromCodePoint(27)
const colour = new RegExp(`(${escape}\\[[0-9;]*m)`)

/** One line of foreign text without anything that a terminal would obey. */
export const plainText = (text: string): string =>
  Array.from(stripVTControlCharacters(text), (each) => (isControl(each) ? ' ' : each)).join('')

/** As `plainText`, but colours stay. */
export const colouredText = (text: string): string =>
  text
    .split(colour)
    .map((part) => (colour.test(part) ? part : plainText(part)))
    .join('')

const isControl = (character: string) => {
  const code = character.codePointAt(0)!
  return (code < 32 && character !== '\t') || (code >= 127 && code < 160)
}
