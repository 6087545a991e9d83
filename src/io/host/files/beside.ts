import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** What is older is nobody's any more: a file of configuration is written in a moment. */
const leftAfterMs = 60_000

const formOfHex = /^[0-9a-f]{12}$/

/** Begins with a dot, so that programs which read a whole folder of configuration pass over it. */
const prefixOf = (path: string) => {
  const name = basename(path)
  return name.startsWith('.') ? `${name}.` : `.${name}.`
}

/**
 * Lends a path for what is to become the file at another one, on the same file system. It has the same name, in a folder that
 * only this user can enter, and that git passes over: a .gitignore with the path of a file does not keep git from what a power
 * cut leaves behind beside it. The next one removes that.
 */
export const withPathBeside = async <Result>(
  path: string,
  act: (temporary: string) => Promise<Result>,
): Promise<Result> => {
  await removeLeft(path).catch(() => undefined)
  const folder = join(dirname(path), `${prefixOf(path)}${randomBytes(6).toString('hex')}`)
  await mkdir(folder, { mode: 0o700 })
  try {
    await writeFile(join(folder, '.gitignore'), '*\n')
    return await act(join(folder, basename(path)))
  } finally {
    // The file is in its place or the reason is told; a folder that stays is removed by the next one.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }
}

const removeLeft = async (path: string) => {
  const prefix = prefixOf(path)
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix) || !formOfHex.test(name.slice(prefix.length))) continue
    const left = join(dirname(path), name)
    const facts = await lstat(left).catch(() => null)
    if (facts?.isDirectory() && Date.now() - facts.mtimeMs > leftAfterMs)
      await rm(left, { recursive: true, force: true })
  }
}
