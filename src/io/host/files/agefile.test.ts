import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { newIdentity, recipientOf } from '../../../secrets/cipher.ts'
import { decryptFile, encryptFile, fileKeyOf, headerOf } from './agefile.ts'

const folder = mkdtempSync(join(tmpdir(), 'zarpe-age-'))
afterAll(() => rmSync(folder, { recursive: true }))

const plain = join(folder, 'plain')
const content = Buffer.alloc(200_000, 'two hundred kilobytes. ')
writeFileSync(plain, content)
const sha256 = createHash('sha256').update(content).digest('hex')
const signal = new AbortController().signal

describe('a file of age', () => {
  it('is read by its header’s key alone, and by nobody else’s', async () => {
    const [mine, other] = [await newIdentity(), await newIdentity()]
    const file = join(folder, 'file.age')
    const made = await encryptFile(plain, file, [(await recipientOf(mine))!], sha256, signal)
    const bytes = readFileSync(file)
    expect(made).toMatchObject({
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    const header = (await headerOf(file))!
    expect(await fileKeyOf(header, [other])).toBeNull()
    const key = (await fileKeyOf(header, [other, mine]))!
    expect(Buffer.from(key)).toEqual(Buffer.from(made.fileKey))
    const again = join(folder, 'again')
    expect(await decryptFile(file, again, key)).toEqual({ bytes: content.length, sha256 })
    expect(readFileSync(again)).toEqual(content)
    await expect(decryptFile(file, join(folder, 'x'), Buffer.alloc(16))).rejects.toThrow()
  })

  it('refuses what is not the file it was told of', async () => {
    const to = join(folder, 'other.age')
    const recipient = (await recipientOf(await newIdentity()))!
    await expect(encryptFile(plain, to, [recipient], 'f'.repeat(64), signal)).rejects.toThrow(
      /decrypt/,
    )
    expect(await headerOf(plain)).toBeNull()
  })
})
