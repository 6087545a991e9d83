import { createHash, type Hash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { docker, dockerOk } from '../docker.ts'
import type { Report } from '../home.ts'

/** How one image of the lab is made: a folder beside this file with a Dockerfile. */
export type Recipe = {
  tag: string
  /** Further names for the same image. */
  aliases?: string[]
  folder: string
  /** The image the Dockerfile starts from, handed to it as the argument `BASE`. */
  base: string
  arguments?: Record<string, string>
  /** Files and folders from elsewhere on this machine that the Dockerfile copies: name in the context, path. */
  files?: Record<string, string>
}

/**
 * The label that holds the hash of everything an image was made from. It is the only label on
 * images: whatever is built or started from one inherits them, and must not count as the lab's.
 */
export const recipeLabel = 'zarpe.lab.recipe'

const buildLimitMs = 10 * 60_000

/**
 * Builds the image unless it is there and its recipe, its base included, is still the same. An
 * image of that name that somebody else put there is used as it is.
 */
export const ensureImage = async (recipe: Recipe, report: Report): Promise<void> => {
  const hash = await hashOf(recipe)
  const former = await recipeOf(recipe.tag)
  if (former === hash || former === '') return
  const formerId = await idOf(recipe.tag)
  report(`building ${recipe.tag}`)
  const context = mkdtempSync(join(tmpdir(), 'zarpe-lab-'))
  try {
    cpSync(folderOf(recipe), context, { recursive: true })
    for (const [name, path] of Object.entries(recipe.files ?? {})) {
      // Links among what is given lead where they led.
      cpSync(path, join(context, name), { recursive: true, verbatimSymlinks: true })
    }
    await dockerOk([...buildArgv(recipe, hash), context], {
      limitMs: buildLimitMs,
      env: await builderEnv(),
    })
  } finally {
    rmSync(context, { recursive: true, force: true })
  }
  for (const alias of recipe.aliases ?? []) {
    if ((await recipeOf(alias)) !== '') await dockerOk(['tag', recipe.tag, alias])
  }
  // What a running server was made from stays until that server is gone.
  if (formerId) await docker(['rmi', formerId])
}

/** The recipe's hash an image carries: empty if it is not ours, nothing if there is no image. */
export const recipeOf = async (tag: string): Promise<string | undefined> => {
  const format = `{{index .Config.Labels "${recipeLabel}"}}`
  const result = await docker(['image', 'inspect', '--format', format, tag])
  return result.code === 0 ? result.stdout.trim() : undefined
}

const idOf = async (tag: string): Promise<string | undefined> => {
  const result = await docker(['image', 'inspect', '--format', '{{.Id}}', tag])
  return result.code === 0 ? result.stdout.trim() : undefined
}

/** Beside this file in the source; in the bundle this file is `dist/zarpe.mjs` of the package. */
export const folderOf = ({ folder: name }: Pick<Recipe, 'folder'>) => {
  const own = dirname(fileURLToPath(import.meta.url))
  const folders = [join(own, name), join(own, '..', 'src', 'lab', 'images', name)]
  return folders.find((folder) => existsSync(join(folder, 'Dockerfile'))) ?? folders[0]!
}

const buildArgv = (recipe: Recipe, hash: string): string[] => {
  const values = { BASE: recipe.base, ...recipe.arguments }
  const argv = [
    ['build', '--tag', recipe.tag, '--label', `${recipeLabel}=${hash}`],
    ...Object.entries(values).map(([name, value]) => ['--build-arg', `${name}=${value}`]),
  ]
  return argv.flat()
}

/** Without the buildx plugin the client refuses BuildKit; the older builder does all we need. */
const builderEnv = async () => {
  const hasBuildx = (await docker(['buildx', 'version'])).code === 0
  return hasBuildx ? process.env : { ...process.env, DOCKER_BUILDKIT: '0' }
}

const hashOf = async (recipe: Recipe): Promise<string> => {
  const hash = createHash('sha256')
  hash.update(await dockerOk(['image', 'inspect', '--format', '{{.Id}}', recipe.base]))
  hash.update(JSON.stringify(recipe.arguments ?? {}))
  addFolder(hash, folderOf(recipe))
  for (const [name, path] of Object.entries(recipe.files ?? {})) {
    hash.update(`\n${name}\n`)
    if (statSync(path).isDirectory()) addFolder(hash, path)
    else hash.update(readFileSync(path))
  }
  return hash.digest('hex')
}

const addFolder = (hash: Hash, folder: string) => {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  for (const path of entries.sort()) {
    hash.update(`\n${path.slice(folder.length)}\n`).update(readFileSync(path))
  }
}
