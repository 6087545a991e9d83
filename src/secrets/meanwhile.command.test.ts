import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { runVerb } from '../../test/verb.ts'
import { run } from '../io/host/processes/process.ts'
import { decryptWith, encryptFor, newIdentity, recipientOf } from './cipher.ts'

// What else may happen to the files of a user while a verb is at work on them, or before.

const main = join(import.meta.dirname, '..', 'main.ts')
let base = ''
let folder = ''
let ana = { secret: '', open: '' }
let ben = { secret: '', open: '' }

const pair = async () => {
  const secret = await newIdentity()
  return { secret, open: (await recipientOf(secret))! }
}

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'zarpe-meanwhile-'))
  ;[ana, ben] = [await pair(), await pair()]
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => rmSync(base, { recursive: true }))

const configWith = (recipients: string) => `app: shop
servers: { main: deploy@vps.example }
environments: { production: { servers: [main] } }
secrets:
${recipients}`

beforeEach(async () => {
  folder = mkdtempSync(join(base, 'project-'))
  write('zarpe.yml', configWith(`  recipients:\n    ana: ${ana.open}\n`))
  write('.env.production.age', await encryptFor([ana.open], 'A=zq-1\n'))
})

const write = (name: string, text: string | Buffer, mode = 0o644) =>
  writeFileSync(join(folder, name), text, { mode })
const text = (name: string) => readFileSync(join(folder, name), 'utf8')

const plain = async (secret = ana.secret) => {
  const read = await decryptWith([secret], readFileSync(join(folder, '.env.production.age')))
  return read.is === 'text' ? Buffer.from(read.text).toString() : read.is
}

const zarpe = async (argv: string[], input = '', env: Record<string, string> = {}) => {
  const given = { XDG_CONFIG_HOME: base, ZARPE_AGE_KEY: ana.secret, ZARPE_AGE_KEY_FILE: '', ...env }
  for (const [name, value] of Object.entries(given)) vi.stubEnv(name, value)
  return runVerb(['-C', folder, '--json', ...argv], input)
}

const editor = (lines: string) => {
  const path = join(folder, 'editor.sh')
  writeFileSync(path, `${lines}\n`)
  return { EDITOR: `sh ${path}` }
}

describe('a change by somebody else', () => {
  it('while the editor was open is not written over', async () => {
    write('theirs', await encryptFor([ana.open], 'A=zq-1\nB=zq-theirs\n'))
    const env = editor(
      `echo C=zq-mine >> "$1"; cp ${join(folder, 'theirs')} ${join(folder, '.env.production.age')}`,
    )
    expect(await zarpe(['secrets', 'edit'], '', env)).toMatchObject({
      code: 3,
      codes: ['secrets/changed-meanwhile'],
    })
    expect(await plain()).toBe('A=zq-1\nB=zq-theirs\n')
  })
})

describe('a text that a former version wrote', () => {
  it('is read and changed as it is, a $ before another name too', async () => {
    const former = 'B=zq-1\nA="it\'s $B"\n'
    write('.env.production.age', await encryptFor([ana.open], former))
    expect(await zarpe(['secrets', 'list'])).toMatchObject({ code: 0 })
    expect(await zarpe(['secrets', 'set', 'C'], 'zq-3')).toMatchObject({ code: 0 })
    expect(await plain()).toBe(`${former}C=zq-3\n`)
  })
})

describe('Ctrl-C', () => {
  it('is the editor’s while it is open', async () => {
    const { EDITOR } = editor('kill -INT $PPID; sleep 0.3; echo B=zq-2 >> "$1"')
    const ended = await run(process.execPath, [main, '-C', folder, 'secrets', 'edit'], {
      env: { ...process.env, ZARPE_AGE_KEY: ana.secret, EDITOR },
    })
    expect(ended.code).toBe(0)
    expect(await plain()).toBe('A=zq-1\nB=zq-2\n')
  })
})

describe('a value that was set', () => {
  const notesOf = async (argv: string[]) =>
    (await zarpe(argv, 'zq-1', { A: 'zq-process' })).last!['notes']

  beforeEach(() => {
    const script = `console.log('A=zq-2\\nB=zq-2'); require('fs').writeFileSync('started', '')`
    const run = JSON.stringify([process.execPath, '-e', script])
    const values = `values: { process: [A], program: { run: ${run} } }`
    const config = configWith(`  recipients:\n    ana: ${ana.open}\n`)
    write('zarpe.yml', config.replace('[main] }', `[main], ${values} }`))
    write('compose.yml', 'services: { web: { image: nginx } }\n')
  })

  it('is said to lose against the process environment or a file, and perhaps a program, which is not started', async () => {
    write('.env.production', 'D=zq-1\n', 0o600)
    expect(await notesOf(['secrets', 'set', 'A'])).toEqual([
      'the process environment has A too, and wins here',
    ])
    expect(await notesOf(['secrets', 'set', 'D'])).toEqual([
      '.env.production has D too, and wins here',
    ])
    expect(await notesOf(['secrets', 'rotate', 'A', 'D', '--generate'])).toHaveLength(2)
    expect(await notesOf(['secrets', 'set', 'B'])).toEqual([
      expect.stringMatching(/^`.*` may have B too, and would win$/),
    ])
    expect(await notesOf(['secrets', 'rotate'])).toEqual([])
    expect(existsSync(join(folder, 'started'))).toBe(false)
  })

  it('is said so by env set, too', async () => {
    rmSync(join(folder, '.env.production.age'))
    write('.env.production', 'A=zq-1\n', 0o600)
    expect(await notesOf(['env', 'set', 'A'])).toEqual([
      'the process environment has A too, and wins here',
    ])
    expect(await notesOf(['env', 'set', 'B'])).toEqual([])
  })
})

describe('a key file', () => {
  it('with a slip of the pen in one of its keys is no damaged file of values', async () => {
    const last = ana.secret.endsWith('Q') ? 'P' : 'Q'
    const mistyped = `${ben.secret}\n${ana.secret.slice(0, -1)}${last}`
    const { codes, said } = await zarpe(['secrets', 'list'], '', { ZARPE_AGE_KEY: mistyped })
    expect(codes).toEqual(['secrets/bad-key'])
    expect(said).toContain('Key 2 of 2 in ZARPE_AGE_KEY')
    expect(said).not.toContain(ana.secret.slice(0, -1))
  })

  it('that others can read is refused by whatever name it is called', async () => {
    write('my.key', `${ana.secret}\n`)
    const names = [join(folder, 'my.key'), relative(process.cwd(), join(folder, 'my.key'))]
    for (const name of names) {
      const env = { ZARPE_AGE_KEY: '', ZARPE_AGE_KEY_FILE: name }
      const { codes } = await zarpe(['secrets', 'recipients', 'list'], '', env)
      expect(codes).toEqual(['secrets/open-key'])
    }
    chmodSync(names[0]!, 0o600)
    const env = { ZARPE_AGE_KEY: '', ZARPE_AGE_KEY_FILE: names[1]! }
    expect(await zarpe(['secrets', 'list'], '', env)).toMatchObject({ code: 0 })
  })

  it('is said to be in reach of git only where git says so', async () => {
    const keygen = async (name: string, env: Record<string, string> = {}) => {
      const argv = [main, '-C', folder, 'secrets', 'keygen', '--out', name]
      const ended = await run(process.execPath, argv, { env: { ...process.env, ...env } })
      expect(ended.code).toBe(0)
      return ended.stderr
    }
    await run('git', ['-C', folder, 'init', '-q'])
    expect(await keygen('ci.key')).toContain('git would take')
    const env = { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }
    const said = await keygen(join(base, 'elsewhere.key'), env)
    expect(said).toContain('elsewhere.key written')
    expect(said).not.toContain('git would take')
  })

  it('that is a folder, and a folder in the place of values, are told in words', async () => {
    const env = { ZARPE_AGE_KEY: '', ZARPE_AGE_KEY_FILE: folder }
    expect((await zarpe(['secrets', 'list'], '', env)).codes).toEqual(['secrets/no-key'])
    rmSync(join(folder, '.env.production.age'))
    symlinkSync('.', join(folder, '.env.production.age'))
    expect((await zarpe(['secrets', 'list'])).codes).toEqual(['host/not-read'])
  })
})

describe('recipients remove', () => {
  it('takes out a name that is no text to YAML', async () => {
    write('zarpe.yml', configWith(`  recipients: { ana: ${ana.open}, true: ${ben.open} }\n`))
    expect(await zarpe(['secrets', 'recipients', 'remove', 'true'])).toMatchObject({ code: 0 })
    expect(text('zarpe.yml')).not.toContain(ben.open)
    expect(await plain(ben.secret)).toBe('for others')
  })

  it('leaves a file alone whose bytes are no UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from(text('zarpe.yml')),
      Buffer.from('# se\xf1al\n', 'latin1'),
    ])
    write('zarpe.yml', bytes)
    const { codes } = await zarpe(['secrets', 'recipients', 'add', 'ben', ben.open])
    expect(codes).toEqual(['secrets/recipients-by-hand'])
    expect(readFileSync(join(folder, 'zarpe.yml'))).toEqual(bytes)
  })
})

describe('env set', () => {
  it('takes no value that would arrive as another', async () => {
    write('.env.production', 'A=zq-1\n', 0o600)
    write('compose.yml', 'services: { web: { image: nginx } }\n')
    const bytes = Buffer.from([0x7a, 0xe9, 0x71]).toString('latin1')
    vi.stubEnv('ZARPE_AGE_KEY', ana.secret)
    const { codes } = await runVerb(
      ['-C', folder, '--json', 'env', 'set', 'A'],
      Buffer.from(bytes, 'latin1'),
    )
    expect(codes).toEqual(['secrets/unusable'])
    expect(text('.env.production')).toBe('A=zq-1\n')
  })

  it('makes no new file of secrets that git would take', async () => {
    // With an encrypted file alone, that is where values are written.
    rmSync(join(folder, '.env.production.age'))
    await run('git', ['-C', folder, 'init', '-q'])
    write('compose.yml', 'services: { web: { image: nginx } }\n')
    expect((await zarpe(['env', 'set', 'A'], 'zq-1')).codes).toEqual(['environment/not-ignored'])
    write('.gitignore', '.env.production\n')
    expect((await zarpe(['env', 'set', 'A'], 'zq-1')).code).toBe(0)
    expect(text('.env.production')).toBe('A=zq-1\n')
  })
})
