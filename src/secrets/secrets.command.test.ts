import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { runVerb } from '../../test/verb.ts'
import { run } from '../io/host/processes/process.ts'
import { decryptWith, newIdentity, recipientOf } from './cipher.ts'

// The verbs as a user runs them. Every value begins with `zq-`, and
// nothing that is said may hold that.

const main = join(import.meta.dirname, '..', 'main.ts')
const config = `# the shop
app: shop
servers: {main: deploy@vps.example}
environments: { production: { servers: [main] }, staging: { servers: [main] } }
`

let base = ''
let folder = ''
let ana = { secret: '', open: '' }
let ci = { secret: '', open: '' }

const pair = async () => {
  const secret = await newIdentity()
  return { secret, open: (await recipientOf(secret))! }
}

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'zarpe-verbs-'))
  ;[ana, ci] = [await pair(), await pair()]
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => rmSync(base, { recursive: true }))
beforeEach(() => {
  folder = mkdtempSync(join(base, 'project-'))
  writeFileSync(join(folder, 'zarpe.yml'), config)
})

type Given = { input?: string | Uint8Array; env?: Record<string, string> }

const argvOf = (argv: string[]) => [
  '-C',
  folder,
  '--env',
  'production',
  '--json',
  'secrets',
  ...argv,
]

const envOf = (env: Record<string, string>) => ({
  XDG_CONFIG_HOME: base,
  ZARPE_AGE_KEY: ana.secret,
  ZARPE_AGE_KEY_FILE: '',
  ...env,
})

const zarpe = async (argv: string[], { input = '', env = {} }: Given = {}) => {
  for (const [name, value] of Object.entries(envOf(env))) vi.stubEnv(name, value)
  const result = await runVerb(argvOf(argv), input)
  expect(result.said).not.toContain('zq-')
  expect(result.said).not.toMatch(/AGE-SECRET-KEY-1\w/)
  return result
}

const withAna = () =>
  writeFileSync(
    join(folder, 'zarpe.yml'),
    `${config}secrets:\n  recipients:\n    ana: ${ana.open}   # her laptop\n`,
  )

const file = (environment = 'production') => join(folder, `.env.${environment}.age`)

const plain = async (secret = ana.secret, environment = 'production') => {
  const read = await decryptWith([secret], readFileSync(file(environment)))
  return read.is === 'text' ? Buffer.from(read.text).toString() : read.is
}

describe('zarpe secrets', () => {
  it('keygen makes a key once, for its owner alone', async () => {
    const env = { XDG_CONFIG_HOME: join(folder, 'config'), ZARPE_AGE_KEY: '' }
    const { last, code } = await zarpe(['keygen'], { env })
    const path = join(folder, 'config', 'zarpe', 'age.key')
    expect(code).toBe(0)
    const secret = /^AGE-SECRET-KEY-.*$/m.exec(readFileSync(path, 'utf8'))![0]
    expect(last).toMatchObject({ type: 'result', file: path, recipient: await recipientOf(secret) })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(folder, 'config', 'zarpe'))).toEqual(['age.key'])
    const again = await zarpe(['keygen'], { env })
    expect(again).toMatchObject({ code: 3, codes: ['secrets/key-exists'] })
    expect(again.said).toContain(await recipientOf(secret))
    expect(readFileSync(path, 'utf8')).toContain(secret)
    // And it is found there, unless others can read it.
    await zarpe(['recipients', 'add', 'me', String(last!['recipient'])], { env })
    await zarpe(['set', 'A'], { env, input: 'zq-1' })
    expect(await plain(secret)).toBe('A=zq-1\n')
    chmodSync(path, 0o640)
    expect(await zarpe(['list'], { env })).toMatchObject({ code: 3, codes: ['secrets/open-key'] })
  })

  it('set writes what comes on stdin, but for the last line break', async () => {
    withAna()
    await zarpe(['set', 'A'], { input: 'zq-one\n' })
    await zarpe(['set', 'B', '--exact'], { input: 'zq-two\n' })
    const { last } = await zarpe(['set', 'A'], { input: 'zq-"\'\n$x' })
    expect(last).toEqual({
      type: 'result',
      outcome: 'set',
      environment: 'production',
      file: '.env.production.age',
      names: ['A'],
      recipients: ['ana'],
      notes: [],
    })
    expect(await plain()).toBe('A="zq-\\"\'\\n\\$x"\nB="zq-two\\n"\n')
    const { events } = await zarpe(['list'])
    expect(events.slice(0, 2)).toEqual([
      { type: 'value', name: 'A', from: '.env.production.age', also: [] },
      { type: 'value', name: 'B', from: '.env.production.age', also: [] },
    ])
  })

  it.each([
    ['no recipients', [], ['set', 'A'], 'zq-1', 'secrets/no-recipients'],
    ['a value in the place of a name', ['ana'], ['set', 'A=1'], 'zq-1', 'secrets/unusable'],
    ['an empty value', ['ana'], ['set', 'A'], '\n', 'secrets/unusable'],
    ['a NUL', ['ana'], ['set', 'A'], 'zq-\0', 'secrets/unusable'],
    ['no text', ['ana'], ['set', 'A'], Buffer.from([0x7a, 0x71, 0xff]), 'secrets/unusable'],
    ['too much', ['ana'], ['set', 'A'], 'zq-'.repeat(50_000), 'secrets/unusable'],
    ['nothing to rotate', ['ana'], ['rotate'], '', 'secrets/none'],
  ])('refuses %s and writes nothing', async (_what, recipients, argv, input, problem) => {
    if (recipients.length > 0) withAna()
    expect(await zarpe(argv, { input })).toMatchObject({ code: 3, codes: [problem] })
    expect(readdirSync(folder)).toEqual(['zarpe.yml'])
  })

  it('rotate makes new values, or takes one that is new', async () => {
    withAna()
    await zarpe(['set', 'A'], { input: 'zq-1' })
    await zarpe(['set', 'B'], { input: 'zq-2' })
    expect(await zarpe(['rotate', 'B'], { input: 'zq-2' })).toMatchObject({
      codes: ['secrets/same-value'],
    })
    expect(await zarpe(['rotate', 'C', '--generate'])).toMatchObject({
      codes: ['secrets/unknown-name'],
    })
    expect(await plain()).toBe('A=zq-1\nB=zq-2\n')
    await zarpe(['rotate', 'B'], { input: 'zq-3' })
    const { last } = await zarpe(['rotate', 'A', '--generate'])
    expect(last).toMatchObject({ outcome: 'rotated', names: ['A'] })
    const text = await plain()
    expect(text).toMatch(/^A=[\w-]{43}\nB=zq-3\n$/)
    const before = readFileSync(file(), 'utf8')
    await zarpe(['rotate'])
    expect(readFileSync(file(), 'utf8')).not.toBe(before)
    expect(await plain()).toBe(text)
  })

  it('set and rotate heed the contract', async () => {
    withAna()
    writeFileSync(
      join(folder, '.env.schema'),
      '# @type=zarpe_fernet\nTOTP_KEY=\n# @type=zarpe_databaseUrl\nSTORE=\n',
    )
    expect(await zarpe(['set', 'TOTP_KEY'], { input: 'zq-1' })).toMatchObject({
      code: 3,
      codes: ['contract/bad-value'],
    })
    const url = 'postgres://u:zq-Xq7mTz2RbW9kLd4s@db/shop'
    expect(await zarpe(['set', 'STORE'], { input: url })).toMatchObject({ code: 0 })
    const first = `${Buffer.alloc(32, 7).toString('base64url')}=`
    await zarpe(['set', 'TOTP_KEY'], { input: first })
    expect(await zarpe(['rotate', 'TOTP_KEY', '--generate'])).toMatchObject({ code: 0 })
    expect(await zarpe(['rotate', 'STORE', '--generate'])).toMatchObject({
      code: 3,
      codes: ['contract/bad-value'],
    })
  })

  it('recipients are added and removed in every environment, with what must be renewed', async () => {
    withAna()
    await zarpe(['set', 'A'], { input: 'zq-1' })
    await zarpe(['--env', 'staging', 'set', 'B'], { input: 'zq-2' })
    expect(await plain(ci.secret)).toBe('for others')
    await zarpe(['recipients', 'add', 'ci', ci.open])
    expect(await plain(ci.secret)).toBe('A=zq-1\n')
    expect(readFileSync(join(folder, 'zarpe.yml'), 'utf8')).toBe(
      `${config}secrets:\n  recipients:\n    ana: ${ana.open} # her laptop\n    ci: ${ci.open}\n`,
    )
    const { last } = await zarpe(['recipients', 'remove', 'ci'])
    expect(last).toMatchObject({
      outcome: 'removed',
      renew: [
        { environment: 'production', names: ['A'] },
        { environment: 'staging', names: ['B'] },
      ],
    })
    expect(await plain(ci.secret)).toBe('for others')
    expect(await zarpe(['recipients', 'remove', 'ana'])).toMatchObject({
      codes: ['secrets/last-recipient'],
    })
    expect(await zarpe(['recipients', 'remove', 'eve'])).toMatchObject({
      codes: ['secrets/no-such-recipient'],
    })
    expect(await zarpe(['recipients', 'add', 'ana', ci.open])).toMatchObject({
      codes: ['secrets/recipient-exists'],
    })
    expect(await zarpe(['recipients', 'add', 'eve', ana.open])).toMatchObject({
      codes: ['secrets/recipient-exists'],
    })
    expect(await zarpe(['recipients', 'add', 'eve', 'age1nothing'])).toMatchObject({
      codes: ['secrets/bad-recipient'],
    })
  })

  it('adds nobody when one of the files cannot be read', async () => {
    withAna()
    await zarpe(['set', 'A'], { input: 'zq-1' })
    const env = { ZARPE_AGE_KEY: ci.secret }
    const before = [readFileSync(join(folder, 'zarpe.yml')), readFileSync(file())]
    expect(await zarpe(['recipients', 'add', 'ci', ci.open], { env })).toMatchObject({
      code: 3,
      codes: ['secrets/not-a-recipient'],
    })
    expect([readFileSync(join(folder, 'zarpe.yml')), readFileSync(file())]).toEqual(before)
  })

  it('says what is wrong with a key or a file', async () => {
    withAna()
    await zarpe(['set', 'A'], { input: 'zq-1' })
    const told = async (env: Record<string, string>) => (await zarpe(['list'], { env })).codes
    expect(await told({ ZARPE_AGE_KEY: '' })).toEqual(['secrets/no-key'])
    expect(await told({ ZARPE_AGE_KEY: 'zq-no-key' })).toEqual(['secrets/bad-key'])
    expect(await told({ ZARPE_AGE_KEY: '', ZARPE_AGE_KEY_FILE: join(base, 'none') })).toEqual([
      'secrets/no-key',
    ])
    writeFileSync(file(), `<<<<<<< ours\n${readFileSync(file(), 'utf8')}`)
    expect(await told({})).toEqual(['secrets/damaged'])
  })

  it('edit keeps comments, refuses what cannot be read, and leaves nothing behind', async () => {
    withAna()
    await zarpe(['set', 'A'], { input: 'zq-1' })
    const trace = join(folder, 'trace')
    const script = (text: string) => {
      const editor = join(base, 'editor.sh')
      writeFileSync(editor, `stat -c '%a %n' "$1" "$(dirname "$1")" > ${trace}\n${text}\n`)
      return editor
    }
    const edit = (text: string) => zarpe(['edit'], { env: { EDITOR: `sh ${script(text)}` } })
    expect(await edit(`printf '# so\\nB=zq-2\\n' >> "$1"`)).toMatchObject({
      code: 0,
      last: { outcome: 'edited' },
    })
    expect(await plain()).toBe('A=zq-1\n# so\nB=zq-2\n')
    const [path, parent] = readFileSync(trace, 'utf8').trim().split('\n')
    expect(path).toMatch(/^600 /)
    expect(parent).toMatch(/^700 /)
    expect(() => statSync(parent!.slice(4))).toThrow('ENOENT')
    const before = readFileSync(file())
    expect(await edit('true')).toMatchObject({ last: { outcome: 'unchanged' } })
    expect(await edit('echo zq-junk >> "$1"')).toMatchObject({
      code: 3,
      codes: ['environment/bad-line'],
    })
    expect(await edit('exit 3')).toMatchObject({ code: 3, codes: ['secrets/editor-failed'] })
    const ended = await run(process.execPath, [main, ...argvOf(['edit'])], {
      env: {
        ...process.env,
        ...envOf({ EDITOR: `sh ${script('kill -TERM $PPID; sleep 1')}` }),
      },
    })
    expect(ended.code).toBe(143)
    expect(() => statSync(readFileSync(trace, 'utf8').trim().split('\n')[1]!.slice(4))).toThrow(
      'ENOENT',
    )
    expect(readFileSync(file())).toEqual(before)
  })

  it('set says when a value in plain wins over the encrypted one', async () => {
    withAna()
    writeFileSync(join(folder, '.env.production'), 'A=zq-plain\n', { mode: 0o600 })
    const { last } = await zarpe(['set', 'A'], { input: 'zq-1' })
    expect(last!['notes']).toEqual(['.env.production has A too, and wins here'])
    const { events } = await zarpe(['list'])
    expect(events[0]).toMatchObject({ from: '.env.production', also: ['.env.production.age'] })
  })
})
