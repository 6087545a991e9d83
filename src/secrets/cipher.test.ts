import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../io/host/processes/process.ts'
import { decryptWith, encryptFor, isRecipient, newIdentity, recipientOf } from './cipher.ts'

const text = 'A="x\\ny"\nB=\'é🚢 {{$}}\'\n'

const key = async () => {
  const secret = await newIdentity()
  return { secret, open: (await recipientOf(secret))! }
}

describe('an encrypted file', () => {
  it('is read by each of those it is for, and by nobody else', async () => {
    const [ana, ben, eve] = [await key(), await key(), await key()]
    const file = Buffer.from(await encryptFor([ana.open, ben.open], text))
    for (const { secret } of [ana, ben]) {
      const read = await decryptWith([secret], file)
      expect(read.is === 'text' && Buffer.from(read.text).toString()).toBe(text)
    }
    expect(await decryptWith([eve.secret], file)).toEqual({ is: 'for others' })
    expect(await decryptWith([eve.secret, ben.secret], file)).toMatchObject({ is: 'text' })
  })

  it('is told from one that was cut or changed', async () => {
    const ana = await key()
    const file = await encryptFor([ana.open], text)
    const lines = file.split('\n')
    const cut = [...lines.slice(0, 4), ...lines.slice(-2)].join('\n')
    const other = lines[5]!.startsWith('A') ? 'B' : 'A'
    const changed = lines.with(5, other + lines[5]!.slice(1)).join('\n')
    for (const wrong of [cut, changed, 'A=1\n', ''])
      expect(await decryptWith([ana.secret], Buffer.from(wrong))).toEqual({ is: 'damaged' })
  })

  it('is another one each time', async () => {
    const ana = await key()
    expect(await encryptFor([ana.open], text)).not.toBe(await encryptFor([ana.open], text))
  })
})

it('knows a public key from a mistyped one', async () => {
  const { open, secret } = await key()
  expect(await isRecipient(open)).toBe(true)
  const last = open.endsWith('q') ? 'p' : 'q'
  for (const wrong of [`${open.slice(0, -1)}${last}`, open.toUpperCase(), secret, 'age1', ''])
    expect(await isRecipient(wrong)).toBe(false)
})

// `npm test` installs age on the machine of the lab; elsewhere it may be missing.
const age = await run('age', ['--version'], { limitMs: 10_000 }).catch(() => null)

describe.skipIf(age === null)('the program age', () => {
  let folder = ''
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'zarpe-age-'))))
  afterEach(() => rmSync(folder, { recursive: true }))

  it('reads what Zarpe writes, and Zarpe what it writes, in both forms', async () => {
    const ana = await key()
    writeFileSync(join(folder, 'key'), `${ana.secret}\n`, { mode: 0o600 })
    const file = await encryptFor([ana.open], text)
    const read = await run('age', ['-d', '-i', join(folder, 'key')], { input: file })
    expect(read).toMatchObject({ code: 0, stdout: text })
    for (const form of [['--armor'], []]) {
      const argv = ['-r', ana.open, ...form]
      const written = await run('age', argv, { input: text, encoding: 'latin1' })
      const bytes = Buffer.from(written.stdout, 'latin1')
      const back = await decryptWith([ana.secret], bytes)
      expect(back.is === 'text' && Buffer.from(back.text).toString()).toBe(text)
    }
  })

  it('makes keys that Zarpe takes', async () => {
    const made = await run('age-keygen', [])
    const secret = /^AGE-SECRET-KEY-.*$/m.exec(made.stdout)![0]
    expect(made.stdout).toContain(`# public key: ${await recipientOf(secret)}`)
  })
})
