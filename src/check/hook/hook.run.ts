import { dirname, join, relative } from 'node:path'
import { makeFolder, moveTo } from '../../io/host/files/files.ts'
import { absolute, namesIn, readText, removePath, statOf } from '../../io/host/files/durable.ts'
import { writeOwned } from '../../io/host/files/owned.ts'
import { run, runOk } from '../../io/host/processes/process.ts'
import { Problem } from '../../problem/problem.ts'
import { hookText, isOurs, keptSuffix, type Manager, managerOf } from './hook.ts'
import { noRepository } from '../project/staged.load.ts'

/** What was done to the hook of a repository. */
export type HookChange = {
  path: string
  outcome: 'installed' | 'unchanged' | 'removed' | 'none'
  /** Whether a hook of the user's runs first, or has its place back. */
  kept: boolean
  /** Other folders of the repository that the hook looks at. */
  others: string[]
  /** Folders that are not there any more, and that the hook was told to forget. */
  gone: string[]
}

type Repository = { top: string; path: string; hook: string | null }

/**
 * Has git run `zarpe check --staged` for a folder before each commit. A hook that is there runs first;
 * where a tool keeps the hooks, or all repositories of the user share them, nothing is changed and a
 * `Problem` says what to do. `program` is what runs Zarpe on this machine.
 */
export const installHook = async (
  folder: string,
  program: { node: string; path: string },
): Promise<HookChange> => {
  const repository = await lookAt(folder)
  const { top, path, hook } = repository
  const manager = managerOf(dirname(path), await namesIn(top), hook)
  if (manager) throw managed(manager)
  await refuseShared(top, path)
  const below = belowTop(top, folder)
  const folders = await foldersThere(top)
  const isUsers = hook !== null && !isOurs(hook)
  if (isUsers && (await hasKept(path))) throw twoHooks(path)
  if (isUsers) await moveTo(path, `${path}${keptSuffix}`)
  await makeFolder(dirname(path), { mode: 0o755 })
  if (hook !== hookText) await writeOwned(path, hookText, { mode: 0o755 })
  await runOk('git', ['-C', top, 'config', 'zarpe.node', program.node])
  await runOk('git', ['-C', top, 'config', 'zarpe.program', program.path])
  if (!folders.includes(below))
    await runOk('git', ['-C', top, 'config', '--add', 'zarpe.folder', below])
  return {
    path,
    outcome: hook === hookText && folders.includes(below) ? 'unchanged' : 'installed',
    kept: await hasKept(path),
    others: folders.filter((each) => each !== below),
    gone: [],
  }
}

/**
 * Has the hook leave a folder out, and those that are gone: nobody could ask that from within them. With the
 * last one it goes itself; a hook that was there before has its place again.
 */
export const uninstallHook = async (folder: string): Promise<HookChange> => {
  const { top, path, hook } = await lookAt(folder)
  const below = belowTop(top, folder)
  const folders = await foldersThere(top)
  const others = folders.filter((each) => each !== below)
  const gone = (await settings(top, 'zarpe.folder')).filter((each) => !folders.includes(each))
  if (others.length > 0) {
    const isIn = folders.includes(below)
    for (const each of isIn ? [below, ...gone] : gone)
      await runOk('git', ['-C', top, 'config', '--unset-all', 'zarpe.folder', exactly(each)])
    return { path, outcome: isIn ? 'removed' : 'none', kept: false, others, gone }
  }
  await run('git', ['-C', top, 'config', '--remove-section', 'zarpe'])
  if (hook === null || !isOurs(hook)) return { path, outcome: 'none', kept: false, others, gone }
  await removePath(path)
  const kept = await hasKept(path)
  if (kept) await moveTo(`${path}${keptSuffix}`, path)
  return { path, outcome: 'removed', kept, others, gone }
}

/** What the hook knows a folder by. */
const belowTop = (top: string, folder: string) => relative(top, absolute(folder)) || '.'

/** Git takes an expression for the value that is meant; only since 2.30 can it be told a plain text. */
const exactly = (value: string) => `^${value.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`

const hasKept = async (path: string) => (await statOf(`${path}${keptSuffix}`)) !== null

const lookAt = async (folder: string): Promise<Repository> => {
  const argv = ['-C', folder, 'rev-parse', '--show-toplevel']
  const asked = await run('git', argv, { limitMs: 10_000 }).catch(() => null)
  if (asked?.code !== 0) throw noRepository(folder)
  const top = asked.stdout.replace(/\n$/, '')
  // Git knows of core.hooksPath and of worktrees, which share the hooks of their repository.
  const { stdout } = await runOk('git', ['-C', top, 'rev-parse', '--git-path', 'hooks/pre-commit'])
  const named = stdout.replace(/\n$/, '')
  const path = named.startsWith('/') ? named : join(top, named)
  return { top, path, hook: await readText(path) }
}

const settings = async (top: string, name: string): Promise<string[]> =>
  (await run('git', ['-C', top, 'config', '--local', '--get-all', name])).stdout
    .split('\n')
    .filter(Boolean)

/** The folders that the hook looks at: it passes over one that is not there. */
const foldersThere = async (top: string): Promise<string[]> => {
  const known = await settings(top, 'zarpe.folder')
  const facts = await Promise.all(known.map((each) => statOf(join(top, each))))
  return known.filter((_each, index) => facts[index]?.isDirectory())
}

/** `core.hooksPath` of the user's own configuration holds for every repository. */
const refuseShared = async (top: string, path: string) => {
  const local = await run('git', ['-C', top, 'config', '--local', '--get', 'core.hooksPath'])
  const any = await run('git', ['-C', top, 'config', '--get', 'core.hooksPath'])
  if (any.code !== 0 || local.code === 0) return
  throw new Problem({
    code: 'check/hooks-shared',
    summary: 'The hooks of this repository are those of all your repositories.',
    detail: `core.hooksPath in your own git configuration leads to ${dirname(path)}; a hook there would run everywhere.`,
    fix: [
      `Add to ${path}: zarpe check --staged || exit 1`,
      'Or give this repository hooks of its own: git config core.hooksPath .git/hooks && zarpe check --install-hook',
    ],
  })
}

const twoHooks = (path: string) =>
  new Problem({
    code: 'check/hooks-two',
    summary: 'There are two hooks of your own for one place; neither was touched.',
    detail: `${path} is not Zarpe's any more, and ${path}${keptSuffix}, which was kept of an earlier time, would be overwritten by it.`,
    fix: [
      `Put what both do into ${path}, then: rm ${path}${keptSuffix} && zarpe check --install-hook`,
    ],
  })

const managed = ({ name, how }: Manager) =>
  new Problem({
    code: 'check/hooks-managed',
    summary: 'Another tool keeps the hooks of this repository; nothing was changed.',
    detail: `${name} would overwrite a hook of Zarpe's, but runs one that it is told of.`,
    fix: how,
  })
