import { run, runOk } from '../io/host/processes/process.ts'
import { Problem } from '../problem/problem.ts'
import type { Report } from './home.ts'

const limitMs = 5 * 60_000

const isInstalled = async (name: string): Promise<boolean> => {
  const result = await run('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], {
    limitMs: 10_000,
  })
  return result.code === 0 && result.stdout === 'installed'
}

/** Installs those of the Debian packages that are missing on this machine; needs root. */
export const ensurePackages = async (names: string[], report: Report): Promise<void> => {
  const missing: string[] = []
  for (const name of names) if (!(await isInstalled(name))) missing.push(name)
  if (missing.length === 0) return
  if (process.getuid?.() !== 0) {
    throw new Problem({
      code: 'lab/packages-missing',
      summary: 'The lab needs packages that only root can install.',
      detail: `Missing on this machine: ${missing.join(', ')}.`,
      fix: [`sudo apt-get install --no-install-recommends ${missing.join(' ')}`],
    })
  }
  report(`installing ${missing.join(', ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runOk('apt-get', ['update', '-qq'], { env, limitMs })
  await runOk('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    env,
    limitMs,
  })
}
