import { within } from '../../io/host/files/durable.ts'
import { readSmallText, type SmallText } from '../../io/host/files/texts.ts'
import { run } from '../../io/host/processes/process.ts'
import type { ProblemData } from '../../problem/problem.ts'
import { gitRefusal } from '../../secrets/git.load.ts'
import type { TextFile } from '../model.ts'

export type Repository = {
  /** Names of the files that git keeps below the folder; null outside a repository. */
  tracked: string[] | null
  texts: TextFile[]
  notes: string[]
  /** Why git tells nothing, if it does not: that is no folder outside of a repository. */
  problems: ProblemData[]
}

const filesMax = 5_000
const fileBytesMax = 256 * 1024
const bytesMax = 32 * 1024 * 1024
const tooLarge: SmallText = { is: 'too large' }

/** Names of files that are no text, whatever is in them. */
export const neverText =
  /\.(png|jpe?g|gif|webp|avif|ico|bmp|pdf|zip|gz|zst|xz|bz2|tar|jar|woff2?|ttf|otf|eot|mp[34]|mov|wasm|so|dylib|exe|bin|onnx|pt|parquet|sqlite|db)$/i

/** Reads the text files that git keeps, and says what was too much to read. */
export const loadRepository = async (folder: string): Promise<Repository> => {
  const listed = await run('git', ['-C', folder, 'ls-files', '-z'], { limitMs: 10_000 }).catch(
    () => null,
  )
  if (listed?.code !== 0) {
    const refusal = await gitRefusal(folder)
    if (refusal) return { tracked: null, texts: [], notes: [], problems: [refusal] }
    return {
      tracked: null,
      texts: [],
      problems: [],
      notes: ['code was not searched for secrets, because the folder is not in a git repository'],
    }
  }
  const tracked = listed.stdout.split('\0').filter(Boolean)
  return { tracked, ...loadTexts(folder, tracked), problems: [] }
}

/** Where a folder is in its repository: `` or `apps/shop/`; null outside one. */
export const prefixOf = async (folder: string): Promise<string | null> => {
  const argv = ['-C', folder, 'rev-parse', '--show-prefix']
  const asked = await run('git', argv, { limitMs: 10_000 }).catch(() => null)
  return asked?.code === 0 ? asked.stdout.replace(/\n$/, '') : null
}

/** Reads those of these files that are text, and says how many were too much. */
export const loadTexts = (
  folder: string,
  files: string[],
): { texts: TextFile[]; notes: string[] } => {
  const names = files.filter((name) => !neverText.test(name))
  const texts: TextFile[] = []
  let room = bytesMax
  let left = Math.max(0, names.length - filesMax)
  for (const file of names.slice(0, filesMax)) {
    const read: SmallText = room > 0 ? readSmallText(within(folder, file), fileBytesMax) : tooLarge
    if (read.is === 'too large') left += 1
    if (read.is !== 'text') continue
    texts.push({ file, text: read.text })
    room -= read.text.length
  }
  const note = `${left} ${left === 1 ? 'file was' : 'files were'} not searched for secrets: too large, or too many`
  return { texts, notes: left > 0 ? [note] : [] }
}
