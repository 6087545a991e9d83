import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { run } from '../io/host/processes/process.ts'
import { Problem } from '../problem/problem.ts'
import { docker, dockerOk } from './docker.ts'
import { ensureEngine } from './engine.ts'
import { labPath, type Report } from './home.ts'
import { baseTag, ensureBase } from './images/base.ts'
import { withLock } from './lock.ts'
import { ensurePackages } from './packages.ts'

/** What Zarpe runs on the laptop besides the client itself. */
const plugins = ['docker-compose', 'docker-buildx'] as const
type Plugin = (typeof plugins)[number]

const fetchLimitMs = 5 * 60_000

/**
 * Makes sure that `docker compose` and `docker buildx` work on this machine: from its own
 * packages where those are version 2 of Compose (Debian 13, Ubuntu), else by taking the one
 * program out of Debian 13's package. That runs on Debian 12 too: it needs glibc 2.34, has 2.36.
 */
export const ensureTools = async (report: Report): Promise<void> => {
  const missing = await missingPlugins()
  // The other program that reads and writes files of age; the tests hold Zarpe's against it.
  if (isRoot()) await ensurePackages(['age'], report)
  if (missing.length === 0) return
  await ensureEngine(report)
  await withLock('lab', async () => {
    for (const plugin of await missingPlugins()) await install(plugin, report)
  })
  const [still] = await missingPlugins()
  if (still) throw unusable(still)
}

/** Removes the plugins that `ensureTools` copied. */
export const removeTools = (): void => {
  for (const plugin of plugins) {
    // The copy in the lab's folder is the sign that the one in use is ours.
    if (!existsSync(labPath('tools', plugin))) continue
    rmSync(join(pluginFolder(), plugin), { force: true })
  }
}

const missingPlugins = async (): Promise<Plugin[]> => {
  const missing: Plugin[] = []
  for (const plugin of plugins) {
    const result = await docker([plugin.slice('docker-'.length), 'version'])
    if (result.code !== 0) missing.push(plugin)
  }
  return missing
}

const install = async (plugin: Plugin, report: Report) => {
  if (isRoot() && (await isPackaged(plugin))) return ensurePackages([plugin], report)
  report(`installing ${plugin}`)
  await ensureBase('trixie', report)
  const folder = labPath('tools')
  mkdirSync(folder, { recursive: true })
  const mount = ['--volume', `${folder}:/out`]
  await dockerOk(
    ['run', '--rm', ...mount, baseTag('trixie'), 'sh', '-c', fetchPlugin, 'sh', plugin],
    {
      limitMs: fetchLimitMs,
    },
  )
  mkdirSync(pluginFolder(), { recursive: true })
  copyFileSync(join(folder, plugin), join(pluginFolder(), plugin))
  chmodSync(join(pluginFolder(), plugin), 0o755)
}

/** Runs in a container of Debian 13; the plugin's name is its first argument. */
const fetchPlugin =
  'set -e; apt-get update -qq; cd "$(mktemp -d)"; chmod 755 .; apt-get download -qq "$1"; ' +
  'dpkg-deb -x ./*.deb x; cp "x/usr/libexec/docker/cli-plugins/$1" /out/'

const isRoot = () => process.getuid?.() === 0

const pluginFolder = () =>
  isRoot() ? '/usr/local/lib/docker/cli-plugins' : join(homedir(), '.docker', 'cli-plugins')

/** Debian 12 has a package of that name too: Compose 1, which is no plugin. */
const isPackaged = async (plugin: Plugin): Promise<boolean> => {
  const wanted = plugin === 'docker-compose' ? /^\s*Candidate: 2\./m : /^\s*Candidate: \d/m
  const result = await run('apt-cache', ['policy', plugin], { limitMs: 10_000 }).catch(() => null)
  return result !== null && wanted.test(result.stdout)
}

const unusable = (plugin: string) =>
  new Problem({
    code: 'lab/plugin-unusable',
    summary: 'A plugin of the Docker client does not work on this machine.',
    detail: `\`docker ${plugin.slice('docker-'.length)} version\` fails although ${plugin} was installed.`,
    fix: [
      'Install it from https://docs.docker.com/compose/install/ and run the same command again.',
    ],
  })
