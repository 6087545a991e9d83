import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle, root } from '../../scripts/bundle.ts'
import { setDns } from '../../src/lab/acme.ts'
import { run, runOk } from '../../src/io/host/processes/process.ts'
import { type SftpServer, startSftp, stopSftp } from '../../src/lab/sftp.ts'
import { down, list } from '../../src/lab/vps.ts'
import { type Project, projectFrom } from '../lab/project.ts'

// The guide, as somebody follows it: every box that is marked `sh` is run as it stands, in the order of
// the page, by the shell of whoever reads it; a box that names a file is that file.

const server = 'practice'
const domain = 'shop.example'
/** What is typed when a command asks for a value. */
const typed = 'smtps://shop:only-in-this-test@mail.shop.example:465\n'

type Box = { language: string; file: string; text: string; line: number }

const boxesOf = (page: string): Box[] => {
  const boxes: Box[] = []
  const fence = /^```(\w*) ?(.*)\n([^]*?)^```$/gm
  for (const match of page.matchAll(fence)) {
    const line = page.slice(0, match.index).split('\n').length
    boxes.push({ language: match[1]!, file: match[2]!.trim(), text: match[3]!, line })
  }
  return boxes
}

const runnable = (page: string) =>
  boxesOf(readFileSync(join(root, 'docs', 'guide', page), 'utf8')).filter(
    ({ language, file }) => language === 'sh' || file !== '',
  )

const bin = mkdtempSync(join(tmpdir(), 'zarpe-guide-'))
let project: Project
let pointing: { stop: () => Promise<void> }

const lookEveryMs = 2_000

/** Keeps the domain pointing to the server, which a box may remove and make anew at another address. */
const keepPointing = () => {
  const ended = new AbortController()
  const follow = async () => {
    let known = ''
    while (!ended.signal.aborted) {
      const there = await list().catch(() => [])
      const address = there.find(({ name }) => name === server)?.address ?? ''
      if (address !== '' && address !== known) await setDns(domain, address)
      known = address
      await sleep(lookEveryMs, undefined, { signal: ended.signal }).catch(() => undefined)
    }
  }
  const following = follow()
  return {
    stop: async () => {
      ended.abort()
      await following
    },
  }
}

beforeAll(async () => {
  await down(server)
  const zarpe = join(bin, 'zarpe')
  // Whoever follows the guide answers each question with yes.
  writeFileSync(zarpe, `#!/bin/sh\nexec "${process.execPath}" "${await bundle()}" --yes "$@"\n`)
  chmodSync(zarpe, 0o755)
  project = await projectFrom('guide', 'shop', domain)
  project.write('.gitignore', '.env*\n!.env.schema\n!.env.example\n')
  for (const argv of [
    ['init', '--quiet'],
    ['add', '--all'],
  ])
    await runOk('git', ['-C', project.folder, ...argv])
  pointing = keepPointing()
})

afterAll(async () => {
  await pointing.stop()
  project.remove()
  rmSync(bin, { recursive: true })
  if (!process.env['ZARPE_KEEP']) await down(server)
})

/** Runs a box in the reader's shell; what one box exports is there in the next. */
const shell = async (text: string) => {
  const kept = join(bin, 'exported')
  const script = `[ ! -f "${kept}" ] || . "${kept}"\nset -eu\n${text}\nexport -p > "${kept}"\n`
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` }
  return run('sh', ['-c', script], { cwd: project.folder, input: typed, env })
}

/** Follows a box: a file is written, commands are run. Returns what they printed. */
const follow = async ({ language, file, text }: Box): Promise<string> => {
  if (language !== 'sh') {
    project.write(file, text)
    return ''
  }
  const { code, stdout, stderr } = await shell(text)
  expect(code, stdout + stderr).toBe(0)
  return stdout
}

describe('the guide', () => {
  it.each(runnable('README.md'))('line $line: $text', async (box) => {
    await follow(box)
  })

  it('names only commands and options that there are', async () => {
    const guide = readdirSync(join(root, 'docs', 'guide')).map((page) => `docs/guide/${page}`)
    const pages = ['README.md', ...guide]
    const said = pages.flatMap((page) => [
      ...readFileSync(join(root, page), 'utf8').matchAll(
        /(?:^|`|\bexec )(zarpe [a-z][^`\n#|>]*)/gm,
      ),
    ])
    const commands = new Set(said.map((match) => verbOf(match[1]!)))
    expect(commands.size).toBeGreaterThan(20)
    for (const command of commands) {
      const { code, stderr } = await shell(`zarpe ${command} --help > /dev/null`)
      expect(code, `zarpe ${command}: ${stderr}`).toBe(0)
    }
  })
})

describe('the page about backups', () => {
  let box: SftpServer

  beforeAll(async () => {
    // What a bare server needs was installed by the guide; here it is not what is shown.
    process.env['ZARPE_LAB_IMAGE'] = 'debian-13-docker'
    box = await startSftp('sftpGuide', {}, () => undefined)
    project.write('zarpe.yml', project.read('zarpe.yml') + dataConfig(box))
    const value = `STORAGEBOX_PASSWORD=${box.password}\n`
    project.write('.env.production', project.read('.env.production') + value)
    const table = 'CREATE TABLE monthly_kpis AS SELECT generate_series(1, 7320) AS id'
    for (const line of [
      'zarpe lab up practice --ready',
      'zarpe deploy',
      `zarpe exec db -- psql -U shop -c '${table}'`,
    ]) {
      const { code, stdout, stderr } = await shell(line)
      expect(code, stdout + stderr).toBe(0)
    }
  })

  afterAll(async () => {
    delete process.env['ZARPE_LAB_IMAGE']
    await stopSftp('sftpGuide')
  })

  it.each(runnable('backups.md'))('line $line: $text', async (each) => {
    const printed = await follow(each)
    if (each.text.includes('SELECT count(*)')) expect(printed).toContain('7320')
    if (each.text.includes('--report drill.md')) expectReport(project.read('drill.md'))
  })

  it('a drill that fails is reported too, with the step at which it did', async () => {
    const away = 'zarpe backup drill --on deploy@nowhere.invalid --report failed.md'
    const { code, stderr } = await shell(away)
    expect(code, stderr).toBe(1)
    const report = project.read('failed.md')
    expect(report).toContain('**the product did not come back.**')
    expect(report).toContain('It failed at "the server of the drill is looked at"')
    expect(report).toContain('| the server of the drill is looked at | failed |')
    expect(report).toMatch(/\| recovery point of main \| .* \(main-\d{8}T\d{6}Z\) \|/)
  })

  it('a drill is refused where the product is live, and changes nothing there', async () => {
    const own = await shell('zarpe backup drill --on deploy@practice --report live.md')
    expect(own.code, own.stderr).toBe(3)
    expect(own.stderr).toContain('data/drill-live')
    expect(() => project.read('live.md')).toThrow('ENOENT')
  })

  it('a drill goes by the store alone where the server does not answer, and says so', async () => {
    const gone = await shell('zarpe --server deploy@nowhere.invalid backup drill --report gone.md')
    expect(gone.code, gone.stderr).toBe(0)
    const report = project.read('gone.md')
    expectReport(report, ['what was found there is listed'])
    expect(report).toMatch(
      /Note: the product's own server cannot tell which are proven .* whether it was proven or not\./,
    )
  })
})

/** What the page shows of zarpe.yml, with the lab's own storage box. */
const dataConfig = ({ host, port, user, hostKey }: SftpServer) => `
databases:
  main:
    postgres: { service: db }
    backup: { keep: { local: 7d, storagebox: { daily: 14, weekly: 8, monthly: 12 } } }
    expect: { monthly_kpis: '>= 7000' }
stores:
  storagebox:
    url: sftp://${user}@${host}:${port}/backups/shop
    password: STORAGEBOX_PASSWORD
    host_key: "${hostKey}"
`

/** What somebody reads of a drill a year later. */
const expectReport = (report: string, looked: string[] = []) => {
  expect(report).toMatch(/^# Drill of shop-production\n/)
  expect(report).toContain('from the store "storagebox" alone: the product came back.')
  expect(report).toMatch(/\| recovery time \| \d+\.\d s \|/)
  expect(report).toMatch(/\| recovery point of main \| \d+ min \(main-\d{8}T\d{6}Z\) \|/)
  const steps = [...report.matchAll(/^\| (.*) \| \d+\.\d s \|$/gm)].map(([, name]) => name)
  expect(steps).toEqual([
    'recovery time',
    'a new server, set up',
    'the product, without routes',
    'what storagebox has',
    ...looked,
    'main restored and compared',
    'the data is as expected',
    'every service is as wanted',
  ])
}

/** The words of a command that name its verb. */
const verbOf = (command: string) => {
  const [, verb = '', next = ''] = command.trim().split(/\s+/)
  const isGroup = ['env', 'secrets', 'lab', 'backup', 'alerts'].includes(verb)
  return isGroup && /^[a-z]+$/.test(next) ? `${verb} ${next}` : verb
}
