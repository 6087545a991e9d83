import { createRequire } from 'node:module'
import { statOf, within } from '../io/host/durable.ts'
import { Problem } from '../problem/problem.ts'

/**
 * The Node binary that a server of this architecture gets: from the npm package that carries it, or
 * this process's own when it fits.
 */
export const runtimeFor = async (arch: string): Promise<string> => {
  const packaged = await findPackaged(`node-linux-${arch}`)
  if (packaged) return packaged
  const [major = '0'] = process.versions.node.split('.')
  if (process.platform === 'linux' && process.arch === arch && Number(major) >= 24)
    return process.execPath
  throw new Problem({
    code: 'agent/no-runtime',
    summary: 'The runtime for the server is not installed on this machine.',
    detail: `The server needs Node for linux-${arch}, which npm left out on this platform.`,
    fix: [`npm install --force --no-save node-linux-${arch}@24.21.0`],
  })
}

const findPackaged = async (name: string): Promise<string | null> => {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`)
    const binary = within(manifest, '..', 'bin', 'node')
    return (await statOf(binary)) ? binary : null
  } catch {
    return null
  }
}
