// Writes docs/reference from the code itself; with --check it only tells which page is out of date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { commandsPage } from '../src/docgen/commands.ts'
import { composeKeysPage } from '../src/docgen/compose.ts'
import { contractPage } from '../src/docgen/contract.ts'
import { configPage, configSchemaJson } from '../src/docgen/config.ts'
import { rulesPage } from '../src/docgen/rules.ts'
import { root } from './bundle.ts'

const pages: Record<string, () => string> = {
  'docs/reference/commands.md': commandsPage,
  'docs/reference/compose-keys.md': composeKeysPage,
  'docs/reference/config.md': configPage,
  'docs/reference/contract.md': contractPage,
  'docs/reference/rules.md': rulesPage,
  'docs/reference/zarpe.schema.json': configSchemaJson,
}

const present = (file: string) => {
  try {
    return readFileSync(join(root, file), 'utf8')
  } catch {
    return null
  }
}

const stale = Object.entries(pages).filter(([file, page]) => present(file) !== page())
if (process.argv.includes('--check')) {
  for (const [file] of stale) console.log(`${file} is out of date: npm run docs`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const [file, page] of stale) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), page())
    console.log(`wrote ${file}`)
  }
}
