// Compares the secret scan of `zarpe check` with gitleaks on the same trees and prints the tables of
// docs/secret-scan.md: node scripts/secret-scan.ts <path of gitleaks>
// Every key is made up at random as it runs, in the form that its maker gives to real ones, so that no
// file of this repository holds one.
import { randomBytes, randomInt } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { judge } from '../src/check/judge.ts'
import { rules } from '../src/check/rules.ts'
import { loadStaged } from '../src/check/project/staged.load.ts'
import { run, runOk } from '../src/io/host/processes/process.ts'
import { root } from './bundle.ts'

const from = (alphabet: string) => (length: number) =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
const lower = 'abcdefghijklmnopqrstuvwxyz'
const upper = lower.toUpperCase()
const digits = '0123456789'
const alnum = from(lower + upper + digits)
const hex = from(`${digits}abcdef`)
const up = from(upper + digits)
const base32 = from(`${upper}234567`)
const base64 = (bytes: number) => randomBytes(bytes).toString('base64')
const url64 = (bytes: number) => randomBytes(bytes).toString('base64url')

const pem = (kind: string) =>
  ['-----BEGIN', kind, 'KEY-----\n'].join(' ') +
  base64(900).replaceAll(/(.{64})/g, '$1\n') +
  ['\n-----END', kind, 'KEY-----'].join(' ')

/** Keys that a maker's own form gives away, whatever stands before them. */
const formed: Record<string, () => string> = {
  'AWS access key': () => `AKIA${base32(16)}`,
  'GitHub token': () => `ghp_${alnum(36)}`,
  'GitHub fine-grained token': () => `github_pat_${alnum(22)}_${alnum(59)}`,
  'GitLab token': () => `glpat-${alnum(20)}`,
  'Slack bot token': () => `xoxb-${from(digits)(12)}-${from(digits)(12)}-${alnum(24)}`,
  'Slack webhook': () => `https://hooks.slack.com/services/T${up(8)}/B${up(8)}/${alnum(24)}`,
  'Stripe live key': () => `sk_live_${alnum(24)}`,
  'Google API key': () => `AIza${alnum(35)}`,
  'Google OAuth client secret': () => `GOCSPX-${alnum(28)}`,
  'OpenAI key': () => `sk-proj-${alnum(48)}`,
  'Anthropic key': () => `sk-ant-api03-${alnum(93)}AA`,
  'npm token': () => `npm_${alnum(36)}`,
  'PyPI token': () => `pypi-AgEIcHlwaS5vcmc${alnum(70)}`,
  'RubyGems key': () => `rubygems_${hex(48)}`,
  'Docker Hub token': () => `dckr_pat_${alnum(27)}`,
  'Hugging Face token': () => `hf_${from(lower + upper)(34)}`,
  'SendGrid key': () => `SG.${alnum(22)}.${alnum(43)}`,
  'Mailgun key': () => `key-${hex(32)}`,
  'Brevo key': () => `xkeysib-${hex(64)}-${alnum(16)}`,
  'DigitalOcean token': () => `dop_v1_${hex(64)}`,
  'Telegram bot token': () => `${from('123456789')(9)}:AA${alnum(33)}`,
  'Discord bot token': () => `M${alnum(23)}.${alnum(6)}.${alnum(27)}`,
  'Twilio key': () => `SK${hex(32)}`,
  'Shopify token': () => `shpat_${hex(32)}`,
  'Square token': () => `sq0atp-${alnum(22)}`,
  'Linear key': () => `lin_api_${alnum(40)}`,
  'Grafana token': () => `glsa_${alnum(32)}_${hex(8)}`,
  'Vault token': () => `hvs.${alnum(95)}`,
  'New Relic key': () => `NRAK-${up(27)}`,
  'Postman key': () => `PMAK-${hex(24)}-${hex(34)}`,
  'Databricks token': () => `dapi${hex(32)}`,
  'Doppler token': () => `dp.pt.${alnum(43)}`,
  'Supabase token': () => `sbp_${hex(40)}`,
  'age key': () => `AGE-SECRET-KEY-1${from('023456789ACDEFGHJKLMNPQRSTUVWXYZ')(58)}`,
  'JSON web token': () =>
    [
      Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url'),
      Buffer.from(`{"sub":"${from(digits)(10)}","iat":1700000000}`).toString('base64url'),
      url64(32),
    ].join('.'),
  'Azure storage key': () =>
    `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${base64(64)};EndpointSuffix=core.windows.net`,
  'private key (RSA)': () => pem('RSA PRIVATE'),
  'private key (OpenSSH)': () => pem('OPENSSH PRIVATE'),
  'private key (PKCS 8)': () => pem('PRIVATE'),
}

/** Keys that only the name before them gives away. */
const named: Record<string, [name: string, make: () => string]> = {
  'random hexadecimal': ['SECRET_KEY', () => hex(64)],
  'random base64': ['JWT_SECRET', () => base64(32)],
  'Fernet key': ['TOTP_ENCRYPTION_KEY', () => `${url64(32)}=`],
  'AWS secret key': ['aws_secret_access_key', () => base64(30)],
  'short random password': ['DB_PASSWORD', () => alnum(14)],
  'typed password': [
    'admin_password',
    () => `${from(upper)(1)}${from(lower)(7)}${from(digits)(3)}!`,
  ],
  'UUID as a key': [
    'HEROKU_API_KEY',
    () => [8, 4, 4, 4, 12].map((length) => hex(length)).join('-'),
  ],
  'client secret': ['clientSecret', () => alnum(32)],
}

const urls: Record<string, () => string> = {
  'database URL with a password': () => `postgres://shop:${alnum(16)}@db.shop.example:5432/shop`,
  'broker URL with a password': () => `amqp://shop:${alnum(12)}@mq.shop.example/`,
}

type Seed = { kind: string; file: string; line: number }

const oneLine = (text: string) => text.replaceAll('\n', '\\n')

/** Writes every kind into files of several languages; the texts are gone when the tree is. */
const seed = (folder: string): Seed[] => {
  const seeds: Seed[] = []
  const put = (kind: string, file: string, lines: string[], line: number) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), `${lines.join('\n')}\n`)
    seeds.push({ kind, file, line })
  }
  let number = 0
  const inLanguages = (kind: string, name: string, make: () => string) => {
    number += 1
    const at = `src/k${number}`
    put(kind, `${at}/app.py`, ['import os', '', `${name} = "${oneLine(make())}"`], 3)
    put(
      kind,
      `${at}/app.ts`,
      ['export const options = {', `  ${name}: '${oneLine(make())}',`, '}'],
      2,
    )
    put(kind, `${at}/config.yaml`, ['server:', `  ${name}: ${JSON.stringify(make())}`], 2)
    put(kind, `${at}/app.properties`, ['debug=false', `${name}=${oneLine(make())}`], 2)
  }
  for (const [kind, make] of Object.entries(formed)) {
    inLanguages(kind, 'value', make)
    put(kind, `notes/k${number}.md`, ['# Notes', '', `Use ${oneLine(make())} for now.`], 3)
  }
  for (const [kind, [name, make]] of Object.entries(named)) inLanguages(kind, name, make)
  for (const [kind, make] of Object.entries(urls)) inLanguages(kind, 'url', make)
  return seeds
}

/** What looks like a secret and is none. */
const decoys = (folder: string) => {
  const lines = [
    'SECRET_KEY = os.environ["SECRET_KEY"]',
    'password = "changeme"',
    'api_key = "YOUR_API_KEY_HERE_PLEASE_REPLACE"',
    'token_url = "https://auth.shop.example/oauth/token"',
    `commit = "${hex(40)}"`,
    `integrity = "sha512-${base64(64)}"`,
    `request_id = "${[8, 4, 4, 4, 12].map((length) => hex(length)).join('-')}"`,
    `image: shop/web@sha256:${hex(64)}`,
    'primary_key = "order_id_and_position_in_the_cart"',
    'key: my-cache-key-for-the-start-page',
    `etag = "${hex(32)}"`,
    'password_reset_token_lifetime_in_seconds = 3600',
    'DATABASE_URL=postgres://user:password@localhost:5432/shop',
    `-----BEGIN CERTIFICATE-----`,
    base64(48),
    `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${base64(32).replaceAll('=', '')} ops@shop.example`,
    `public_key = "${base64(32)}"`,
    'secretName: shop-production-database-credentials',
    'const tokenType = "urn:ietf:params:oauth:token-type:access_token"',
    'aws_access_key_id = AKIAIOSFODNN7EXAMPLE',
    'passwordPlaceholder: "At least 12 characters, one digit"',
    `nonce = "${base64(16)}"`,
  ]
  writeFileSync(join(folder, 'decoys.txt'), `${lines.join('\n')}\n`)
  return lines.length
}

type Hit = { file: string; line: number }
type Scan = { hits: Hit[]; seconds: number }

const zarpe = async (folder: string): Promise<Scan> => {
  const began = performance.now()
  const { project } = await loadStaged(folder)
  const report = judge(
    rules.filter((rule) => rule.staged),
    [project],
    { problems: [], notes: [] },
  )
  const seconds = (performance.now() - began) / 1000
  return { hits: report.findings.map(({ place }) => place), seconds }
}

const gitleaks = async (program: string, folder: string): Promise<Scan> => {
  const out = `${folder}.json`
  const began = performance.now()
  const argv = ['detect', '--no-git', '--no-banner', '--source', folder, '--exit-code', '0']
  const asked = await run(program, [...argv, '--report-format', 'json', '--report-path', out])
  if (asked.code !== 0) throw new Error(asked.stderr)
  const seconds = (performance.now() - began) / 1000
  const found = JSON.parse(readFileSync(out, 'utf8')) as { File: string; StartLine: number }[]
  rmSync(out)
  const hits = found.map(({ File, StartLine }) => ({
    file: File.replace(`${folder}/`, ''),
    line: StartLine,
  }))
  return { hits: hits.filter(({ file }) => !file.startsWith('.git/')), seconds }
}

const inRepository = async <Result>(
  fill: (folder: string) => void,
  act: (folder: string) => Promise<Result>,
) => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-scan-'))
  try {
    fill(folder)
    await runOk('git', ['-C', folder, 'init', '--quiet'])
    await runOk('git', ['-C', folder, 'add', '--force', '.'])
    return await act(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const distinct = (hits: Hit[]) => new Set(hits.map(({ file, line }) => `${file}:${line}`))

const recall = async (program: string) => {
  let seeds: Seed[] = []
  const scans = await inRepository(
    (folder) => (seeds = seed(folder)),
    async (folder) => [await zarpe(folder), await gitleaks(program, folder)],
  )
  const found = scans.map(({ hits }) => distinct(hits))
  const counts = (of: Seed[]) =>
    found.map((one) => of.filter(({ file, line }) => one.has(`${file}:${line}`)).length)
  console.log('| kind | seeded | Zarpe | gitleaks |\n|---|---|---|---|')
  for (const [kind, of] of Map.groupBy(seeds, (each) => each.kind)) {
    const [ours, theirs] = counts(of)
    console.log(`| ${kind} | ${of.length} | ${ours} | ${theirs} |`)
  }
  const [ours, theirs] = counts(seeds)
  console.log(`| **all** | ${seeds.length} | **${ours}** | **${theirs}** |\n`)
}

const clean: Record<string, (folder: string) => void> = {
  'look-alikes': (folder) => void decoys(folder),
  'this repository (src, docs, test, scripts, examples)': (folder) => {
    for (const part of ['src', 'docs', 'test', 'scripts', 'examples'])
      cpSync(join(root, part), join(folder, part), { recursive: true })
  },
  'npm packages': (folder) => {
    for (const name of [
      'zod',
      'yaml',
      'commander',
      'fast-check',
      'age-encryption',
      'vitest',
      'vite',
      'knip',
      '@noble',
    ])
      if (readdirSync(join(root, 'node_modules')).includes(name))
        cpSync(join(root, 'node_modules', name), join(folder, name), { recursive: true })
  },
}

const falseAlarms = async (program: string) => {
  console.log(
    '| tree | files | Zarpe: alarms, seconds | gitleaks: alarms, seconds |\n|---|---|---|---|',
  )
  for (const [name, fill] of Object.entries(clean))
    await inRepository(fill, async (folder) => {
      const { stdout } = await runOk('git', ['-C', folder, 'ls-files'])
      const [ours, theirs] = [await zarpe(folder), await gitleaks(program, folder)]
      const cell = ({ hits, seconds }: Scan) => `${distinct(hits).size}, ${seconds.toFixed(2)}`
      console.log(
        `| ${name} | ${stdout.split('\n').length - 1} | ${cell(ours)} | ${cell(theirs)} |`,
      )
      if (process.argv.includes('--list'))
        for (const [who, { hits }] of [
          ['zarpe', ours],
          ['gitleaks', theirs],
        ] as const)
          for (const each of distinct(hits)) console.error(`${who} ${each}`)
    })
}

const program = process.argv[2]
if (program === undefined) {
  console.error(
    'node scripts/secret-scan.ts <path of gitleaks>    # Debian 13: apt-get install gitleaks',
  )
  process.exit(2)
}
await recall(program)
await falseAlarms(program)
