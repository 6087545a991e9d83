import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bundle, root } from '../scripts/bundle.ts'
import { run } from '../src/io/host/processes/process.ts'

// Whoever starts the program with the Node of their distribution is told in a sentence.

const sentence = /^Zarpe needs Node 24 or newer; this is v\d+\.\d+\.\d+ \(.*node\)\./

/** A Node on this machine that is too old, if there is one. */
const oldNode = async () => {
  const folders = (process.env['PATH'] ?? '').split(':').filter(Boolean)
  for (const path of folders.map((folder) => join(folder, 'node'))) {
    const version = await run(path, ['--version']).catch(() => null)
    const major = Number(/^v(\d+)/.exec(version?.stdout ?? '')?.[1] ?? 24)
    if (major >= 20 && major < 24) return path
  }
  return null
}
const old = await oldNode()

describe('an older Node', () => {
  it('is named, with what helps', async () => {
    const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.1.0'})`
    const result = await run(process.execPath, ['--import', pretend, await bundle(), 'status'])
    expect(result.stderr).toMatch(sentence)
    expect(result.code).toBe(1)
  })

  // What it does not export would be a SyntaxError before the program's first line.
  it.skipIf(old === null)('can load the program far enough to be named', async () => {
    for (const path of [await bundle(), join(root, 'bin', 'zarpe.mjs')]) {
      const result = await run(old!, [path, 'status'])
      expect(result.stderr).toMatch(sentence)
    }
  })
})
