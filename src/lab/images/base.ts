import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, runOk } from '../../io/host/processes/process.ts'
import { dockerOk } from '../docker.ts'
import type { Report } from '../home.ts'
import { isHubReachable } from '../hub.ts'
import { ensurePackages } from '../packages.ts'
import { recipeLabel, recipeOf } from './recipe.ts'

/** A release of Debian, by its code name. */
export type Suite = 'bookworm' | 'trixie' | 'forky' | 'sid'

/** The tag under which Docker Hub, and without it the lab, keeps the release. */
export const baseTag = (suite: Suite) => `debian:${suite}-slim`

/** To be raised when `prepare` or `importRoot` changes, for the images to be made anew. */
const revision = '2'
const archive = 'http://deb.debian.org'
const limitMs = 10 * 60_000

/**
 * Makes sure of `debian:<suite>-slim` and `debian:<suite>`: pulled where Docker Hub can be
 * reached, otherwise bootstrapped from Debian's own archive. An image of that name that somebody
 * else put there is used as it is.
 */
export const ensureBase = async (suite: Suite, report: Report): Promise<void> => {
  const tag = baseTag(suite)
  const acquire = await acquireOptions()
  const text = [revision, sources(suite), acquire].join('\n')
  const hash = createHash('sha256').update(text).digest('hex')
  const recipe = await recipeOf(tag)
  if (recipe === hash || recipe === '') return
  if (await isHubReachable()) {
    report(`pulling ${tag}`)
    await dockerOk(['pull', '--quiet', tag], { limitMs })
    return
  }
  await ensurePackages(['debootstrap'], report)
  report(`bootstrapping ${tag} from ${archive} (about 40 s, once)`)
  const root = mkdtempSync(join(tmpdir(), 'zarpe-lab-'))
  try {
    const bootstrap = ['--variant=minbase', suite, root, `${archive}/debian`, ...scriptFor(suite)]
    await runOk('debootstrap', bootstrap, { limitMs })
    prepare(root, suite, acquire)
    await importRoot(root, suite, hash)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** An older debootstrap has no script by a newer name; all of these are sid's. */
const scriptFor = (suite: Suite) =>
  suite === 'forky' ? ['/usr/share/debootstrap/scripts/sid'] : []

const importRoot = async (root: string, suite: Suite, hash: string) => {
  const file = `${root}.tar`
  const excluded = ['./var/cache/apt/archives/*.deb', './var/lib/apt/lists/*', './dev/*']
  const exclude = excluded.map((pattern) => `--exclude=${pattern}`)
  try {
    await runOk('tar', ['--numeric-owner', ...exclude, '-C', root, '-cf', file, '.'], { limitMs })
    const changes = ['CMD ["bash"]', `LABEL ${recipeLabel}=${hash}`]
    const change = changes.flatMap((line) => ['--change', line])
    await dockerOk(['import', ...change, file, baseTag(suite)], { limitMs })
    await dockerOk(['tag', baseTag(suite), `debian:${suite}`])
  } finally {
    rmSync(file, { force: true })
  }
}

/** What the official image has and a fresh bootstrap has not. */
const prepare = (root: string, suite: Suite, acquire: string) => {
  const at = (...parts: string[]) => join(root, ...parts)
  rmSync(at('etc', 'apt', 'sources.list'), { force: true })
  mkdirSync(at('etc', 'apt', 'sources.list.d'), { recursive: true })
  writeFileSync(at('etc', 'apt', 'sources.list.d', 'debian.sources'), sources(suite))
  writeFileSync(at('etc', 'apt', 'apt.conf.d', 'no-languages'), 'Acquire::Languages "none";\n')
  if (acquire) writeFileSync(at('etc', 'apt', 'apt.conf.d', '90lab'), acquire)
  // Packages must not start services in a container that has no init.
  writeFileSync(at('usr', 'sbin', 'policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 })
}

const sources = (suite: Suite) =>
  suite === 'sid'
    ? // What becomes the next release has neither corrections nor a security team.
      sourceOf('debian', 'sid')
    : `${sourceOf('debian', `${suite} ${suite}-updates`)}
${sourceOf('debian-security', `${suite}-security`)}`

const sourceOf = (folder: string, suites: string) =>
  `Types: deb
URIs: ${archive}/${folder}
Suites: ${suites}
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`

const inherited = ['Acquire::http::Proxy', 'Acquire::Check-Valid-Until', 'Acquire::Check-Date']

/** How this machine reaches its archive (a proxy, a frozen copy), for the images to do alike. */
const acquireOptions = async (): Promise<string> => {
  const result = await run('apt-config', ['dump', '--no-empty', ...inherited], {
    limitMs: 10_000,
  }).catch(() => undefined)
  return result?.code === 0 ? result.stdout : ''
}
