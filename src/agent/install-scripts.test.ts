import { createHash } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run, runOk } from '../io/host/processes/process.ts'
import { probeScript, receiveScript } from './install-scripts.ts'

const launcher = ['#!/bin/sh', 'exec something']
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

describe('the scripts that install an agent', () => {
  let home = ''
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'zarpe-install-'))
  })
  afterEach(() => rmSync(home, { recursive: true }))

  const place = () => ({ home, bin: join(home, 'bin') })
  const receive = (kind: string, content: string, hash = hashOf(content)) => {
    const head = Buffer.from(`${kind} ${hash} 0\n`)
    const input = Buffer.concat([head, gzipSync(content)])
    return run('sh', ['-c', receiveScript(place(), launcher)], { input })
  }
  /** The runtime that is found there. */
  const found = async () =>
    (await runOk('sh', ['-c', probeScript(place())])).stdout.trim().split('\n').at(-2)

  it('receive a runtime and a program, and leave no older runtime', async () => {
    expect(await found()).toBe('none')
    for (const content of ['the old one', 'the new one']) {
      expect(await receive('runtime', content)).toMatchObject({ code: 0, stderr: '' })
      expect(await found()).toBe(hashOf(content))
    }
    expect(readdirSync(join(home, 'runtime'))).toEqual([hashOf('the new one')])
    expect(await receive('program', 'a program')).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(join(home, 'zarpe.mjs'), 'utf8')).toBe('a program')
    expect(readFileSync(join(home, 'bin', 'zarpe-agent'), 'utf8')).toBe(
      '#!/bin/sh\nexec something\n',
    )
  })

  it('keep nothing that did not arrive whole', async () => {
    expect(await receive('runtime', 'half', hashOf('whole'))).toMatchObject({ code: 65 })
    expect(readdirSync(join(home, 'runtime'))).toEqual([])
  })

  it('take a runtime for what is in it, not for its name', async () => {
    await receive('runtime', 'a runtime')
    writeFileSync(join(home, 'runtime', hashOf('a runtime')), '')
    expect(await found()).not.toBe(hashOf('a runtime'))
    await receive('runtime', 'a runtime')
    expect(await found()).toBe(hashOf('a runtime'))
    chmodSync(join(home, 'runtime', hashOf('a runtime')), 0o644)
    expect(await found()).toBe('none')
  })
})
