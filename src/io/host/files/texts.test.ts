import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readSmallText } from './texts.ts'

it('reads text, and nothing that is none, too large or elsewhere', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zarpe-texts-'))
  try {
    const path = (name: string) => join(folder, name)
    writeFileSync(path('text'), 'one\n')
    writeFileSync(path('binary'), Buffer.from([1, 0, 2]))
    symlinkSync(path('text'), path('link'))
    expect(readSmallText(path('text'), 4)).toEqual({ is: 'text', text: 'one\n' })
    expect(readSmallText(path('text'), 3)).toEqual({ is: 'too large' })
    for (const name of ['binary', 'link', 'gone', '.'])
      expect(readSmallText(path(name), 100), name).toEqual({ is: 'no text' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
