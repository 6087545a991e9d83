import { parseDotenv } from '../../app/dotenv.ts'
import { loadInputs } from '../../app/app.load.ts'
import { namesIn, statOf, within } from '../../io/host/files/durable.ts'
import { readOwnedText } from '../../io/host/files/owned.ts'
import { readSmallText } from '../../io/host/files/texts.ts'
import { run } from '../../io/host/processes/process.ts'
import { commentAbove, type Found, joinFound, readInCode, readInCompose } from './found.ts'
import { isNeeded } from './guess.ts'
import { readInSettings } from './settings.ts'

const exampleNames = ['.env.example', '.env.sample', '.env.template', '.env.dist', 'example.env']
const codeNames = /\.(m?[jt]sx?|cjs|py|rb|php|go|rs|java|kt|cs|ex|exs|vue|svelte)$/
const skipped =
  /(^|\/)(node_modules|vendor|dist|build|target|coverage|\.venv|venv|__pycache__|\.git|\.next|tests?|__tests__|spec)(\/|$)|\.(test|spec)\./

/** A quick look, not a search: larger files and more of them are left out. */
const filesMax = 3000
const fileBytesMax = 512 * 1024
const depthMax = 8

/** Variables of a project, from its examples, environments, Compose files and code. */
export const loadFound = async (folder: string, environment?: string) => {
  const { sources, files, environment: loaded } = await loadInputs(folder, environment)
  const found: Found[] = []
  const examples: string[] = []
  for (const name of exampleNames) {
    const text = await readOwnedText(within(folder, name))
    if (text === null) continue
    examples.push(name)
    found.push(...fromExample(name, text))
  }
  for (const { file, text } of sources) {
    const value = files.find((each) => each.file === file)?.value
    found.push(...fromCompose(file, readInCompose(text, bareNames(value)), loaded.values))
  }
  for (const [name, value] of Object.entries(loaded.values))
    found.push({
      ...blank(name),
      files: [loaded.places[name]?.file ?? 'the environment'],
      sample: value,
    })
  const made = new Set(files.flatMap(({ value }) => assignedNames(value)))
  const code = await codeFiles(folder)
  for (const file of code) {
    const path = within(folder, file)
    const read = readSmallText(path, fileBytesMax)
    if (read.is !== 'text') continue
    const { text } = read
    const settings = file.endsWith('.py') ? readInSettings(text) : []
    // What the Compose file makes up by itself is nothing that an environment must have.
    for (const each of [...readInCode(text), ...settings].filter(({ name }) => !made.has(name)))
      found.push({ ...blank(each.name), files: [file], ...each })
  }
  return {
    found: joinFound(found).map((each) => ({ ...each, needed: isNeeded(each) })),
    examples,
    compose: sources.map(({ file }) => file),
    code: code.length,
  }
}

const blank = (name: string): Found => ({
  name,
  files: [],
  needed: false,
  sample: null,
  example: null,
  description: '',
})

const fromExample = (file: string, text: string): Found[] => {
  const { values, lines } = parseDotenv(file, text)
  const all = text.split('\n')
  return Object.entries(values).map(([name, example]) => ({
    ...blank(name),
    files: [file],
    example,
    description: commentAbove(all, lines[name]! - 1),
  }))
}

/** A bare name is needed only if the environment at hand has it: without a value it stays unset. */
const fromCompose = (
  file: string,
  used: { name: string; needed: boolean }[],
  values: Record<string, string>,
): Found[] =>
  used.map(({ name, needed }) => ({
    ...blank(name),
    files: [file],
    needed: needed || (values[name] ?? '') !== '',
  }))

const bareNames = (file: unknown): string[] =>
  environmentOf(file).flatMap(({ name, value }) => (value === null ? [name] : []))

const assignedNames = (file: unknown): string[] =>
  environmentOf(file).flatMap(({ name, value }) => (value === null ? [] : [name]))

/** Every `environment:` of a Compose file, in both of its forms; null for a bare name. */
const environmentOf = (file: unknown): { name: string; value: unknown }[] => {
  const { services } = (file ?? {}) as { services?: Record<string, unknown> | null }
  return Object.values(services ?? {}).flatMap((service) => {
    const { environment } = (service ?? {}) as { environment?: unknown }
    if (!Array.isArray(environment))
      return Object.entries((environment ?? {}) as Record<string, unknown>).map(
        ([name, value]) => ({ name, value }),
      )
    return environment.flatMap((each) => {
      const [, name, value = null] = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(String(each)) ?? []
      return name ? [{ name, value }] : []
    })
  })
}

/** What git would commit; without git, the folder as it is. */
const codeFiles = async (folder: string): Promise<string[]> => {
  const argv = ['-C', folder, 'ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const listed = await run('git', argv, { limitMs: 10_000 }).catch(() => null)
  const all = listed?.code === 0 ? listed.stdout.split('\0') : await walk(folder, '', 0)
  return all.filter((file) => codeNames.test(file) && !skipped.test(file)).slice(0, filesMax)
}

const walk = async (folder: string, below: string, depth: number): Promise<string[]> => {
  if (depth > depthMax) return []
  const names = await namesIn(within(folder, below || '.'))
  const files: string[] = []
  for (const name of names) {
    const file = below ? `${below}/${name}` : name
    if (skipped.test(file) || files.length > filesMax) continue
    const isFolder = (await statOf(within(folder, file)))?.isDirectory() ?? false
    files.push(...(isFolder ? await walk(folder, file, depth + 1) : [file]))
  }
  return files
}
