import { createRequire } from 'node:module'
import { cacheFolder } from '../io/host/machine/cache.ts'
import { nameFolder, removePath, statOf, within } from '../io/host/files/durable.ts'
import { run } from '../io/host/processes/process.ts'
import { messageOf, Problem } from '../problem/problem.ts'
import { runtimeVersion } from './build.ts'

const fetchLimitMs = 600_000

type Runtime = { binary: string; version: string }

/**
 * The Node binary that a server of this architecture gets: from the npm package that carries it, or this process's own
 * when it fits. npm leaves packages for another system out; on a Mac, or for another processor, it is asked for one, once.
 */
export const runtimeFor = async (arch: string, report: (text: string) => void): Promise<string> =>
  (await runtimeHere(arch, findPackaged))?.binary ?? fetched(packageFor(arch), report)

/** Which version of Node that is: where it is this process's own, not the one that package.json names. */
export const runtimeVersionFor = async (arch: string, find = findPackaged): Promise<string> =>
  (await runtimeHere(arch, find))?.version ?? runtimeVersion

const runtimeHere = async (arch: string, find: typeof findPackaged): Promise<Runtime | null> => {
  const packaged = await find(packageFor(arch))
  if (packaged) return packaged
  const { node } = process.versions
  const fits = process.platform === 'linux' && process.arch === arch && Number.parseInt(node) >= 24
  return fits ? { binary: process.execPath, version: node } : null
}

const packageFor = (arch: string) => `node-linux-${arch}`

const findPackaged = async (name: string): Promise<Runtime | null> => {
  try {
    const here = createRequire(import.meta.url)
    const manifest = here.resolve(`${name}/package.json`)
    const { version } = here(manifest) as { version: string }
    const binary = within(manifest, '..', 'bin', 'node')
    return (await statOf(binary)) ? { binary, version } : null
  } catch {
    return null
  }
}

const fetched = async (name: string, report: (text: string) => void): Promise<string> => {
  const wanted = `${name}@${runtimeVersion}`
  // A folder there is whole, or not there.
  const folder = within(cacheFolder('runtime'), wanted)
  const own = within('node_modules', name, 'bin', 'node')
  const binary = within(folder, own)
  if (await statOf(binary)) return binary
  report(`fetching the agent's runtime (${wanted}, from npm)`)
  const incoming = `${folder}.${process.pid}`
  try {
    await install(wanted, incoming)
    if (!(await statOf(within(incoming, own)))) throw new Error('npm left it out here, too')
    await nameFolder(incoming, folder)
  } catch (error) {
    if (error instanceof Problem) throw error
    throw notFetched(name, wanted, error)
  } finally {
    await removePath(incoming)
  }
  return binary
}

/** npm compares what it fetches with the hash that its registry gives. */
const install = async (wanted: string, folder: string) => {
  const quiet = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts']
  // Whatever npm is used to here, this goes into this folder.
  const here = ['--global=false', '--workspaces=false', '--dry-run=false', '--fetch-retries=1']
  const argv = ['install', '--prefix', folder, '--force', ...quiet, ...here, wanted]
  const { code, stderr } = await run('npm', argv, { limitMs: fetchLimitMs })
  if (code !== 0) throw new Error(reasonIn(stderr))
}

/** npm says what was wrong among warnings, codes and the places of its logs. */
const reasonIn = (stderr: string): string =>
  stderr
    .split('\n')
    .filter((line) => /^npm error (?!code|syscall|errno|A complete log|\/)/.test(line))
    .map((line) => line.replace('npm error ', ''))
    .slice(0, 3)
    .join(' ') || stderr.trim().slice(-300)

const notFetched = (name: string, wanted: string, cause: unknown) =>
  new Problem(
    {
      code: 'agent/no-runtime',
      summary: 'The runtime for the server is not on this machine, and could not be fetched.',
      detail: `The server needs ${name}, which npm left out here: ${messageOf(cause)}`,
      fix: [`npm view ${wanted} dist.tarball    # is the registry of npm reached?`],
    },
    { cause },
  )
