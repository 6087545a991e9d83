import { isSecretName } from '../../check/secrets/secrets.ts'

/** A variable that somebody uses or writes about. */
export type Found = {
  name: string
  /** Files that have it, in the order in which they were read. */
  files: string[]
  /** Whether somewhere there is no way round a value. */
  needed: boolean
  /** What an environment holds; it tells the type and is never written anywhere. */
  sample: string | null
  /** What a committed example holds. */
  example: string | null
  /** The comment above it in the example. */
  description: string
  /** How code reads a list in it, if code tells. */
  form?: 'json' | 'text' | null
}

/** Set by the system, the runtime or Zarpe, and no part of a product's contract. */
const ambient =
  /^(PATH|HOME|PWD|USER|SHELL|LANG|LC_\w+|TZ|TERM|TMPDIR|HOSTNAME|CI|NODE_ENV|NODE_OPTIONS|PYTHON\w*|ZARPE_\w+|npm_\w+|DEV|PROD|SSR|MODE|BASE_URL|PS1|IFS|OLDPWD)$/

/** How code reads a variable as a property, which takes no fallback but by an operator. */
const properties = [
  /\bprocess\.env\.([A-Z][A-Z0-9_]*)\b(?=([^\n]{0,8}))/g,
  /\bprocess\.env\[['"]([A-Z][A-Z0-9_]*)['"]\](?=([^\n]{0,8}))/g,
  /\bimport\.meta\.env\.([A-Z][A-Z0-9_]*)\b(?=([^\n]{0,8}))/g,
  /\b(?:os\.environ|ENV)\[['"]([A-Z][A-Z0-9_]*)['"]\](?=([^\n]{0,8}))/g,
  /\b(?:Deno|Bun)\.env\.get\(['"]([A-Z][A-Z0-9_]*)['"]\)(?=([^\n]{0,8}))/g,
]

/** How code reads a variable by a call, whose second argument is a fallback. */
const calls = [
  /\b(?:os\.environ\.get|os\.getenv|getenv|env|env\.(?:str|int|bool|list|url|db)|config)\(\s*['"]([A-Z][A-Z0-9_]*)['"](?=([^\n]{0,8}))/g,
  /\b(?:os\.Getenv|os\.LookupEnv|System\.getenv|env::var|env::var_os)\(\s*"([A-Z][A-Z0-9_]*)"(?=([^\n]{0,8}))/g,
  /\b(?:ENV\.fetch|Environment\.GetEnvironmentVariable)\(\s*['"]([A-Z][A-Z0-9_]*)['"](?=([^\n]{0,8}))/g,
]

const matches = (text: string, readers: RegExp[], fallback: RegExp) =>
  readers.flatMap((reader) =>
    Array.from(text.matchAll(reader), (match) => ({
      name: match[1]!,
      needed: !fallback.test(match[2]!),
    })),
  )

/** Variables that a file of code reads. */
export const readInCode = (text: string): { name: string; needed: boolean }[] => [
  ...matches(text, properties, /^\s*(\?\?|\|\||or\b)/),
  ...matches(text, calls, /^\s*(,|\)\s*(\?\?|\|\||or\b))/),
]

/** Variables that a Compose file takes from the environment. */
export const readInCompose = (
  text: string,
  bare: string[],
): { name: string; needed: boolean }[] => {
  const code = text.replaceAll(/(^|\s)#[^\n]*/g, '$1').replaceAll('$$', '')
  const used = Array.from(
    code.matchAll(/\$(?:\{([A-Za-z_]\w*)(:?[-+])?[^}]*\}|([A-Za-z_]\w*))/g),
    ([, braced, operator, plain]) => {
      const name = (braced ?? plain)!
      // A deploy refuses the fallback of a secret.
      return {
        name,
        needed: operator === undefined || (operator.endsWith('-') && isSecretName(name)),
      }
    },
  )
  return [...used, ...bare.map((name) => ({ name, needed: false }))]
}

/** The comment lines right above a line. */
export const commentAbove = (lines: string[], index: number): string => {
  const block: string[] = []
  for (let at = index - 1; at >= 0 && /^\s*#/.test(lines[at]!); at -= 1)
    block.unshift(lines[at]!.replace(/^\s*#+\s?/, '').trim())
  // A line of dashes is an ornament, `=== Mail ===` a heading of all that follows, `NAME=value` a
  // variable that was switched off.
  return block
    .filter(
      (line) => !/^[-=#*\s]*$|^([-=#*])\1.*\1\1$|^[A-Z_]+=/.test(line) && !line.startsWith('@'),
    )
    .join(' ')
}

/** Joins what several files tell of the same variables, sorted by the file that told first. */
export const joinFound = (all: Found[]): Found[] => {
  const byName = new Map<string, Found>()
  for (const each of all) {
    if (ambient.test(each.name)) continue
    const before = byName.get(each.name)
    if (!before) {
      byName.set(each.name, { ...each })
      continue
    }
    before.files = [...new Set([...before.files, ...each.files])]
    before.needed ||= each.needed
    before.sample ??= each.sample
    before.example ??= each.example
    before.description ||= each.description
    if (each.form) before.form ??= each.form
  }
  return [...byName.values()]
}
