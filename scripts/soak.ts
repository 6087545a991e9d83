// `npm run soak`: the long forms of the scenarios, for hours rather than minutes. Their figures go to
// docs/soak.md. `npm run soak -- gapless` runs the files whose names hold the word.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { labUp } from '../src/lab/lab.ts'
import { bundle, root } from './bundle.ts'

type Figure = { what: string; value: string }

const words = process.argv.slice(2)
const file = join(mkdtempSync(join(tmpdir(), 'zarpe-soak-')), 'figures.jsonl')
const page = join(root, 'docs', 'soak.md')

await labUp((line) => console.log(`  ${line}`))
await bundle()
await bundle(true)
const names = words.length > 0 ? words : ['gapless', 'crash', 'bad-releases', 'locks', 'reboot']
const argv = [
  'run',
  '--project',
  'scenarios',
  '--reporter=verbose',
  '--testTimeout=10800000',
  ...names,
]
const child = spawn(join(root, 'node_modules', '.bin', 'vitest'), argv, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ZARPE_SOAK: '1', ZARPE_SOAK_FILE: file },
})
const code = await new Promise<number>((resolve) =>
  child.on('close', (ended) => resolve(ended ?? 1)),
)

const today = new Date().toISOString().slice(0, 10)
const fresh = existsSync(file)
  ? readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Figure)
  : []
const rowOf = ({ what, value }: Figure) => `| ${what} | ${value} | ${today} |`
const kept = (existsSync(page) ? readFileSync(page, 'utf8').split('\n') : [])
  .filter((line) => line.startsWith('| ') && !line.startsWith('| what'))
  .filter((line) => !fresh.some(({ what }) => line.startsWith(`| ${what} |`)))
writeFileSync(
  page,
  `# Soak

Written by \`npm run soak\`: the long forms of the scenarios, on real engines in the lab. The machine of the last run had
${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GiB. A figure is the outcome of its last run; older ones keep their date.

| what | outcome | run on |
|---|---|---|
${[...kept, ...fresh.map(rowOf)].join('\n')}
`,
)
console.log(readFileSync(page, 'utf8'))
process.exitCode = code
