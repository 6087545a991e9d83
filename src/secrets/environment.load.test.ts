import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { locate } from '../config/places.ts'
import { configOf } from '../app/resolve.ts'
import { run } from '../io/host/processes/process.ts'
import { loadEnvironment } from './environment.load.ts'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'zarpe-environment-'))))
afterEach(() => {
  rmSync(folder, { recursive: true })
  vi.unstubAllEnvs()
})

const write = (content: string | Uint8Array, mode = 0o600) => {
  writeFileSync(join(folder, '.env.production'), content)
  chmodSync(join(folder, '.env.production'), mode)
}

const load = (settings = '') => {
  const text = `app: shop
servers: { main: deploy@vps.example }
environments:
  production:
    servers: [main]
${settings}`
  const located = locate('zarpe.yml', text)
  const { production } = configOf(located).environments
  return loadEnvironment(folder, 'production', production!, located)
}

/** zarpe.yml for a program that runs this script with node. */
const program = (script: string, within = '10s') =>
  `    values: { program: { run: ${JSON.stringify([process.execPath, '-e', script])}, within: ${within} } }\n`

const told = async (settings = '') =>
  (await load(settings)).problems.map(({ code, place }) =>
    place ? `${code} ${place.file}:${place.line}:${place.column}` : code,
  )

describe('a file in plain', () => {
  it('has no values if it is not there, which is wrong only if it was named', async () => {
    expect(await load()).toMatchObject({ values: {}, problems: [], notes: [] })
    expect(await told('    env_file: .env.other\n')).toEqual(['environment/missing'])
  })

  it('is taken byte for byte, with the line of each name', async () => {
    write('A="x\\ny"\n\nB=\'$A\'\n')
    expect(await load()).toEqual({
      values: { A: 'x\ny', B: '$A' },
      places: {
        A: { file: '.env.production', line: 1, column: 1 },
        B: { file: '.env.production', line: 3, column: 1 },
      },
      sources: { A: ['.env.production'], B: ['.env.production'] },
      order: ['.env.production.age', '.env.production', 'the process environment'],
      problems: [],
      notes: [],
    })
  })

  it.each([0o640, 0o604, 0o620])('is refused with mode %o', async (mode) => {
    write('A=1\n', mode)
    const { problems } = await load()
    expect(problems).toMatchObject([
      { code: 'environment/open-to-others', fix: ['chmod 600 .env.production'] },
    ])
    expect(problems[0]!.detail).toContain(`0${mode.toString(8)}`)
  })

  it('is refused while git would take it, and the fix makes git ignore it', async () => {
    write('A=1\n')
    await run('git', ['-C', folder, 'init', '-q'])
    const { problems } = await load()
    expect(problems.map(({ code }) => code)).toEqual(['environment/not-ignored'])
    await run('sh', ['-c', problems[0]!.fix[0]!], { cwd: folder })
    expect(await told()).toEqual([])
  })

  it('is refused when git has it, even if it is ignored by now', async () => {
    write('A=1\n')
    await run('git', ['-C', folder, 'init', '-q'])
    await run('git', ['-C', folder, 'add', '.env.production'])
    writeFileSync(join(folder, '.gitignore'), '.env.production\n')
    expect(await told()).toEqual(['environment/in-git .env.production:1:1'])
  })

  it('is refused when git does not tell what it has, as of a repository of another user', async () => {
    write('A=1\n')
    await run('git', ['-C', folder, 'init', '-q'])
    writeFileSync(join(folder, '.gitignore'), '.env.production\n')
    expect(await told()).toEqual([])
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1')
    vi.stubEnv('LC_ALL', 'de_DE.UTF-8')
    const { problems } = await load()
    expect(problems).toMatchObject([
      {
        code: 'environment/git-refuses',
        fix: [`git config --global --add safe.directory ${folder}`],
      },
    ])
  })

  it('may be outside the repository that the folder is in', async () => {
    await run('git', ['-C', folder, 'init', '-q'])
    const outside = mkdtempSync(join(tmpdir(), 'zarpe-outside-'))
    writeFileSync(join(outside, 'values'), 'A=1\n', { mode: 0o600 })
    expect(await told(`    env_file: ${outside}/values\n`)).toEqual([])
    rmSync(outside, { recursive: true })
  })

  it('tells all unclear lines and impossible values at once', async () => {
    write(`A=1\nB\nLONG=${'x'.repeat(131_067)}\nNUL="a\0b"\n`, 0o644)
    expect(await told()).toEqual([
      'environment/open-to-others .env.production:1:1',
      'environment/bad-line .env.production:2:1',
      'environment/too-long .env.production:3:1',
      'environment/nul .env.production:4:1',
    ])
  })

  it('may not name another of its values behind a $, for which Compose would put that in', async () => {
    write('B=1\nA="it\'s $B"\n')
    expect(await told()).toEqual(['environment/bad-line .env.production:2:1'])
  })

  it('may hold the longest value that Linux starts a program with', async () => {
    write(`LONG=${'x'.repeat(131_066)}\n`)
    expect(await told()).toEqual([])
  })

  it('may not hold more than docker can be started with', async () => {
    write(Array.from({ length: 20 }, (_, index) => `V${index}=${'x'.repeat(100_000)}\n`).join(''))
    expect(await told()).toEqual(['environment/too-much'])
  })

  it('is told, in plain or encrypted, when it leads to itself', async () => {
    symlinkSync('.env.production', join(folder, '.env.production'))
    symlinkSync('.env.production.age', join(folder, '.env.production.age'))
    expect(await told()).toEqual(['host/not-read', 'environment/unreadable'])
  })

  it('may not hold bytes that are no text', async () => {
    write(Buffer.from([0x41, 0x3d, 0xff, 0x0a]))
    expect(await told()).toEqual(['environment/unreadable'])
  })
})

describe('a program', () => {
  it.each([
    ['lines', String.raw`console.log("A='x y'\nB=2")`],
    ['JSON', String.raw`console.log(JSON.stringify({ A: 'x y', B: '2' }))`],
  ])('gives values as %s, from the project’s folder', async (_form, script) => {
    const loaded = await load(program(`${script}; require('fs').writeFileSync('here', '')`))
    expect(loaded).toMatchObject({ values: { A: 'x y', B: '2' }, problems: [] })
    expect(existsSync(join(folder, 'here'))).toBe(true)
  })

  it.each<[string, string, string?]>([
    ['that fails', 'console.log("A=zq-secret"); console.error("zq-secret"); process.exit(3)'],
    ['that takes too long', 'console.log("A=zq-secret"); setInterval(() => {}, 1e3)', '300ms'],
    ['that prints no text', 'process.stdout.write(Buffer.from([0x41, 0x3d, 0xff]))'],
    ['that prints too much', 'process.stdout.write("A=" + "zq-secret".repeat(2e5))'],
    ['that prints broken JSON', `console.log('{"A": "zq-secret')`],
    ['that prints a number', 'console.log(JSON.stringify({ A: 1.10, B: "zq-secret" }))'],
    ['that prints a nested object', 'console.log(JSON.stringify({ data: { A: "zq-secret" } }))'],
    ['with an unusable name', 'console.log(JSON.stringify({ "a b": "zq-secret" }))'],
  ])(
    '%s is refused, and nothing that it printed is told',
    async (_what, script, within = '10s') => {
      // Spelled otherwise in the script, which the problem does name.
      const hidden = script.replaceAll('zq-', 'z\\x71-')
      const { problems, values } = await load(program(hidden, within))
      expect(problems.map(({ code }) => code)).toEqual(['environment/bad-program'])
      expect(values).toEqual({})
      expect(JSON.stringify(problems)).not.toContain('zq-secret')
    },
  )

  it('that is not installed is named', async () => {
    const { problems } = await load(
      '    values: { program: { run: [no-such-program-of-zarpe, read] } }\n',
    )
    expect(problems).toMatchObject([{ code: 'environment/bad-program' }])
    expect(problems[0]!.detail).toContain('`no-such-program-of-zarpe` is not installed here')
  })

  it('means a $ as it prints it, for Compose never reads that', async () => {
    const { values, problems } = await load(program('console.log("B=1\\nA=x$B")'))
    expect([values, problems]).toEqual([{ A: 'x$B', B: '1' }, []])
  })

  it('does not get Zarpe’s own key', async () => {
    vi.stubEnv('ZARPE_AGE_KEY', 'AGE-SECRET-KEY-1')
    const { values } = await load(program('console.log("GOT=" + !!process.env.ZARPE_AGE_KEY)'))
    expect(values).toEqual({ GOT: 'false' })
  })
})

describe('the process environment', () => {
  it('gives the listed names and no other', async () => {
    vi.stubEnv('ZARPE_TEST_A', 'one')
    vi.stubEnv('ZARPE_TEST_B', 'two')
    const { values, sources } = await load('    values: { process: [ZARPE_TEST_A] }\n')
    expect(values).toEqual({ ZARPE_TEST_A: 'one' })
    expect(sources).toEqual({ ZARPE_TEST_A: ['the process environment'] })
  })

  it('is missed when a listed name is empty or unset and nothing else has it', async () => {
    vi.stubEnv('ZARPE_TEST_A', '')
    const settings = '    values: { process: [ZARPE_TEST_A, ZARPE_TEST_B] }\n'
    expect(await told(settings)).toEqual([
      'environment/not-set zarpe.yml:6:25',
      'environment/not-set zarpe.yml:6:39',
    ])
    write('ZARPE_TEST_A=1\nZARPE_TEST_B=2\n')
    expect(await told(settings)).toEqual([])
  })
})

it('the strongest source of a name wins, and the plan says so', async () => {
  vi.stubEnv('PROCESS', 'process')
  write('PROCESS=file\nFILE=file\n')
  const script = "console.log('PROCESS=program\\nFILE=program\\nPROGRAM=program')"
  const { values, notes } = await load(
    program(script).replace('values: {', 'values: { process: [PROCESS],'),
  )
  expect(values).toEqual({ PROCESS: 'process', FILE: 'file', PROGRAM: 'program' })
  expect(notes).toEqual([
    expect.stringMatching(
      /^from the process environment, not from \.env\.production or `.*: PROCESS$/,
    ),
    expect.stringMatching(/^from \.env\.production, not from `.*`: FILE$/),
  ])
})
