import { createHash } from 'node:crypto'
import { removePath } from '../../io/host/files/durable.ts'
import { writeFileWhole } from '../../io/host/files/files.ts'
import { download } from '../../io/host/network/download.ts'
import { run, runOk } from '../../io/host/processes/process.ts'
import type { RunContext, Runner } from '../../plan/runner.ts'
import { Problem } from '../../problem/problem.ts'
import { readingEnvironment } from '../facts/read.inspect.ts'
import { noteHeld } from './held.run.ts'
import { aptProblem, installation, keysIn } from './apt.ts'

const lockWaitMs = 3_000
const lockTriesMax = 60

// `l`: needrestart only lists what should be restarted, and restarts nothing in mid-run.
const environment = {
  ...readingEnvironment,
  DEBIAN_FRONTEND: 'noninteractive',
  NEEDRESTART_MODE: 'l',
}

const aptOptions = [
  '-o',
  'DPkg::Lock::Timeout=120',
  '-o',
  'Dpkg::Options::=--force-confdef',
  '-o',
  'Dpkg::Options::=--force-confold',
  '-o',
  'APT::Get::Assume-Yes=true',
  '--quiet',
]

/** Fetches the lists and installs; already installed packages are left as they are, and none is removed for it. */
export const runPackages: Runner<'server.packages'> = async ({ install }, context) => {
  // Ends what a run that was cut off left half configured; what it can't end, apt does below.
  await run('dpkg', ['--configure', '-a', '--force-confdef', '--force-confold'], {
    env: environment,
    limitMs: context.step.limitMs,
    signal: context.signal,
  })
  await apt(['update'], context)
  await apt(installation(install), context)
}

/** Holds packages, whether installed or not, and notes those that nobody had held. */
export const runHold: Runner<'server.hold'> = async ({ packages }, context) => {
  const options = { env: environment, limitMs: context.step.limitMs, signal: context.signal }
  const before = (await runOk('apt-mark', ['showhold'], options)).stdout.split('\n')
  await noteHeld(packages.filter((name) => !before.includes(name)))
  await runOk('apt-mark', ['hold', ...packages], options)
}

/** Adds a source, with its key bound to it alone, once the key has proven to be the known one. */
export const runPackageSource: Runner<'server.package-source'> = async (params, context) => {
  const key = await download(params.keyUrl, { limitMs: 30_000, bytesMax: 1_000_000 })
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 12)
  const keyPath = `/etc/apt/keyrings/zarpe-${params.name}-${digest}.asc`
  await writeFileWhole(keyPath, key.toString('utf8'), { mode: 0o644 })
  const shown = await runOk('gpg', ['--show-keys', '--with-colons', keyPath], {
    env: environment,
    limitMs: 30_000,
  })
  const found = keysIn(shown.stdout)
  // The source is trusted for whatever the file has: another key beside the known one is one too many.
  if (found.length !== 1 || found[0] !== params.keyFingerprint) {
    await removePath(keyPath)
    throw wrongKey(params.keyUrl, params.keyFingerprint, found)
  }
  const content = [
    '# Written by zarpe setup.',
    'Types: deb',
    `URIs: ${params.uri}`,
    `Suites: ${params.suite}`,
    `Components: ${params.component}`,
    `Signed-By: ${keyPath}`,
    '',
  ].join('\n')
  const path = `/etc/apt/sources.list.d/zarpe-${params.name}.sources`
  await writeFileWhole(path, content, { mode: 0o644 })
  await apt(['update'], context)
}

/** Runs apt-get; waits while the lists are locked by the timers that run after every boot. */
const apt = async (argv: string[], context: RunContext) => {
  for (let tries = 1; ; tries++) {
    const result = await run('apt-get', [...aptOptions, ...argv], {
      env: environment,
      limitMs: context.step.limitMs,
      signal: context.signal,
    })
    const lines = `${result.stdout}\n${result.stderr}`.split('\n').filter((line) => line.trim())
    const isLocked = lines.some((line) => /Could not get lock|Unable to acquire/.test(line))
    // Lists that could not be fetched are only a warning to apt, but not to us.
    const isStale = argv[0] === 'update' && lines.some((line) => /^(E|Err|W: Failed)/.test(line))
    if (result.code === 0 && !isStale) return
    if (!isLocked || tries >= lockTriesMax) throw aptProblem(argv, result.code, lines)
    context.note('waiting for another installation to end')
    await context.sleep(lockWaitMs)
  }
}

const wrongKey = (url: string, expected: string, found: string[]) =>
  new Problem({
    code: 'server/package-key-unknown',
    summary: 'The key of a package source is not the known one.',
    detail: `${url} holds ${found.join(' and ') || 'no key'}, expected is ${expected} alone. Nothing was added.`,
    fix: ['zarpe setup --docker distribution'],
  })
