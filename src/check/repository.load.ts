import { readBytes, statOf, within } from '../io/host/durable.ts'
import { run } from '../io/host/process.ts'
import type { TextFile } from './model.ts'

export type Repository = {
  /** Names of the files that git keeps below the folder; null outside a repository. */
  tracked: string[] | null
  texts: TextFile[]
  notes: string[]
}

const filesMax = 5_000
const fileBytesMax = 256 * 1024
const bytesMax = 32 * 1024 * 1024
const atOnce = 32

const neverText =
  /\.(png|jpe?g|gif|webp|avif|ico|bmp|pdf|zip|gz|zst|xz|bz2|tar|jar|woff2?|ttf|otf|eot|mp[34]|mov|wasm|so|dylib|exe|bin|onnx|pt|parquet|sqlite|db)$/i

/** Reads the text files that git keeps, and says what was too much to read. */
export const loadRepository = async (folder: string): Promise<Repository> => {
  const listed = await run('git', ['-C', folder, 'ls-files', '-z'], { limitMs: 10_000 }).catch(
    () => null,
  )
  if (listed?.code !== 0)
    return {
      tracked: null,
      texts: [],
      notes: ['code was not searched for secrets, because the folder is not in a git repository'],
    }
  const tracked = listed.stdout.split('\0').filter(Boolean)
  return { tracked, ...(await loadTexts(folder, tracked)) }
}

/** Where a folder is in its repository: `` or `apps/shop/`; null outside one. */
export const prefixOf = async (folder: string): Promise<string | null> => {
  const argv = ['-C', folder, 'rev-parse', '--show-prefix']
  const asked = await run('git', argv, { limitMs: 10_000 }).catch(() => null)
  return asked?.code === 0 ? asked.stdout.trim() : null
}

/** Reads those of these files that are text, and says how many were too much. */
export const loadTexts = async (
  folder: string,
  files: string[],
): Promise<{ texts: TextFile[]; notes: string[] }> => {
  const names = files.filter((name) => !neverText.test(name))
  const texts: TextFile[] = []
  let bytes = 0
  let left = Math.max(0, names.length - filesMax)
  for (let index = 0; index < Math.min(names.length, filesMax); index += atOnce) {
    const group = names.slice(index, Math.min(index + atOnce, filesMax))
    if (bytes > bytesMax) {
      left += group.length
      continue
    }
    const read = await Promise.all(group.map((name) => readTextFile(folder, name)))
    left += read.filter((each) => each === 'too large').length
    for (const each of read) {
      if (typeof each === 'string') continue
      texts.push(each)
      bytes += each.text.length
    }
  }
  const note = `${left} ${left === 1 ? 'file was' : 'files were'} not searched for secrets: too large, or too many`
  return { texts, notes: left > 0 ? [note] : [] }
}

const readTextFile = async (
  folder: string,
  file: string,
): Promise<TextFile | 'too large' | 'no text'> => {
  const path = within(folder, file)
  const facts = await statOf(path)
  if (!facts?.isFile()) return 'no text'
  if (facts.size > fileBytesMax) return 'too large'
  const bytes = await readBytes(path).catch(() => null)
  return bytes === null || bytes.includes(0) ? 'no text' : { file, text: bytes.toString('utf8') }
}
