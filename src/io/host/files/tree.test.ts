import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runOk } from '../processes/process.ts'
import { packTree, readPacked } from './tree.ts'

const { signal } = new AbortController()
const folder = mkdtempSync(join(tmpdir(), 'zarpe-tree-'))
const copy = join(folder, 'copy.tar')

beforeAll(async () => {
  const data = join(folder, 'data')
  mkdirSync(join(folder, 'content'))
  mkdirSync(data)
  writeFileSync(join(data, 'large'), 'x'.repeat(3_000_000))
  writeFileSync(join(data, 'manifest'), 'what it says, ünd more')
  await packTree({ folder: data, to: join(folder, 'content', 'base.zst'), signal }, () => undefined)
  await runOk('tar', ['--create', `--file=${copy}`, `--directory=${folder}/content`, '.'], {
    limitMs: 10_000,
  })
})

afterAll(() => rmSync(folder, { recursive: true }))

it('reads a file of a compressed tar in a tar', async () => {
  const { text } = await readPacked(copy, { packed: 'base.zst', name: './manifest', signal })
  expect(text).toBe('what it says, ünd more')
})

it('finds nothing where there is nothing, and fails where the copy is none', async () => {
  const none = await readPacked(copy, { packed: 'base.zst', name: './other', signal })
  expect(none.text).toBe('')
  expect(none.said.join()).toContain('./other')
  await expect(readPacked(copy, { packed: 'other', name: './manifest', signal })).rejects.toThrow()
  const gone = readPacked(`${copy}.gone`, { packed: 'base.zst', name: './manifest', signal })
  await expect(gone).rejects.toThrow()
})
