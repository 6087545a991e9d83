import { run } from '../../io/host/processes/process.ts'
import type { Release } from '../model.ts'

/** What git says of the folder; null outside a repository or without git. */
export const readGit = async (folder: string): Promise<Release['git']> => {
  const git = (argv: string[]) =>
    run('git', ['-C', folder, ...argv], { limitMs: 10_000 }).catch(() => null)
  const head = await git(['log', '-1', '--format=%H%n%s'])
  if (!head || head.code !== 0) return null
  const status = await git(['status', '--porcelain', '--', '.'])
  const [revision = '', subject = ''] = head.stdout.split('\n')
  return { revision, subject: subject.slice(0, 200), dirty: Boolean(status?.stdout.trim()) }
}
