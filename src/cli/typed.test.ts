import { expect, it } from 'vitest'
import { nothingTyped, takeTyped } from './typed.ts'

const type = (...inputs: string[]) => inputs.reduce(takeTyped, nothingTyped)

it.each([
  ['a value and Enter', ['hunter2\r'], 'hunter2', 'done'],
  ['key by key', ['h', 'u', '\n'], 'hu', 'done'],
  ['Ctrl-D for Enter', ['hu\u0004'], 'hu', 'done'],
  ['a slip taken back, also of two units', ['ab🚢\u007f\u007fc\r'], 'ac', 'done'],
  ['nothing to take back', ['\u007fa\r'], 'a', 'done'],
  ['no Enter yet', ['abc'], 'abc', 'typing'],
  ['Ctrl-C', ['abc\u0003def\r'], '', 'interrupted'],
  ['a paste of several lines', ['\u001b[200~a\rb\nc\u001b[201~', '\r'], 'a\nb\nc', 'done'],
  ['a paste in parts', ['\u001b[200~a\r', 'b\u001b[201~c\r'], 'a\nbc', 'done'],
  ['Ctrl-C inside a paste', ['\u001b[200~a\u0003\u001b[201~\r'], 'a\u0003', 'done'],
])('takes %s', (_what, inputs, text, state) => {
  const typed = type(...inputs)
  expect({ text: typed.text, state: typed.state }).toEqual({ text, state })
})
