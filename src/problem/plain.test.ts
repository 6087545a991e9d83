import { expect, it } from 'vitest'
import { colouredText, plainText } from './plain.ts'

it.each([
  ['a\u001b[2Jb', 'ab'],
  ['a\u001b]0;title\u0007b', 'ab'],
  ['a\rb\bc\u0085d\u007f', 'a b c d '],
  ['tab\tünïcode 🚢', 'tab\tünïcode 🚢'],
])('plain: %j', (text, plain) => expect(plainText(text)).toBe(plain))

it.each([
  ['\u001b[31mred\u001b[0m\u001b[2J', '\u001b[31mred\u001b[0m'],
  ['\u001b[1;32mok\u001b[m\u001b[10Aup', '\u001b[1;32mok\u001b[mup'],
])('coloured: %j', (text, coloured) => expect(colouredText(text)).toBe(coloured))
