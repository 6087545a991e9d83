import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../io/host/process.ts'
import { loadEnvironment } from './environment.load.ts'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'zarpe-environment-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const write = (content: string | Uint8Array, mode = 0o600) => {
  writeFileSync(join(folder, '.env.production'), content)
  chmodSync(join(folder, '.env.production'), mode)
}
const load = (named?: string) => loadEnvironment(folder, 'production', named)
const told = async () =>
  (await load()).problems.map(
    ({ code, place }) => `${code} ${place?.file}:${place?.line}:${place?.column}`,
  )

describe('loadEnvironment', () => {
  it('has no values without a file, unless one was named', async () => {
    expect(await load()).toEqual({ values: {}, places: {}, problems: [], notes: [] })
    expect((await load('.env.other')).problems[0]!.code).toBe('environment/missing')
  })

  it('reads what only its owner can read, without a note', async () => {
    write('A="x\\ny"\nB=\'$A\'\n')
    const at = (line: number) => ({ file: '.env.production', line, column: 1 })
    expect(await load()).toEqual({
      values: { A: 'x\ny', B: '$A' },
      places: { A: at(1), B: at(2) },
      problems: [],
      notes: [],
    })
  })

  it('notes a file that others can read, or that git keeps', async () => {
    write('A=1\n', 0o640)
    expect((await load()).notes).toEqual([
      expect.stringContaining('(mode 0640): chmod 600 .env.production'),
    ])
    await run('git', ['-C', folder, 'init', '-q'])
    expect((await load()).notes).toHaveLength(1)
    await run('git', ['-C', folder, 'add', '.env.production'])
    expect((await load()).notes[1]).toContain('git rm --cached .env.production')
  })

  it('tells all unclear lines and impossible values at once', async () => {
    write(`A=1\nB\nLONG=${'x'.repeat(131_067)}\nNUL="a\0b"\n`)
    expect(await told()).toEqual([
      'environment/bad-line .env.production:2:1',
      'environment/too-long .env.production:3:1',
      'environment/nul .env.production:4:1',
    ])
  })

  it('accepts the longest value that Linux starts a program with', async () => {
    write(`LONG=${'x'.repeat(131_066)}\n`)
    expect(await told()).toEqual([])
  })

  it('refuses more than docker can be started with', async () => {
    write(Array.from({ length: 20 }, (_, index) => `V${index}=${'x'.repeat(100_000)}\n`).join(''))
    expect((await load()).problems.map(({ code }) => code)).toEqual(['environment/too-much'])
  })

  it('refuses bytes that are no text', async () => {
    write(Buffer.from([0x41, 0x3d, 0xff, 0x0a]))
    await expect(load()).rejects.toMatchObject({ data: { code: 'environment/unreadable' } })
  })
})
