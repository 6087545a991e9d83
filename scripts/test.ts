// `npm test`: the fast checks, then every scenario on real engines in the lab. Ends with one line of
// counts. `npm test -- <words>` runs only the scenarios whose file names hold one of the words.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labUp } from '../src/lab/lab.ts'
import { bundle, root } from './bundle.ts'
import { checkAll } from './check.ts'

type Counts = { passed: number; failed: number }

const scenarios = async (words: string[]): Promise<Counts> => {
  const file = join(mkdtempSync(join(tmpdir(), 'zarpe-test-')), 'report.json')
  const argv = [
    'run',
    '--project',
    'scenarios',
    '--reporter=verbose',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...words,
  ]
  const child = spawn(join(root, 'node_modules', '.bin', 'vitest'), argv, {
    cwd: root,
    stdio: 'inherit',
  })
  const code = await new Promise<number>((resolve) =>
    child.on('close', (ended) => resolve(ended ?? 1)),
  )
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
  }
  // A file that could not be loaded fails the run without failing a test.
  const failed = report.numFailedTests + (code !== 0 && report.numFailedTests === 0 ? 1 : 0)
  return { passed: report.numPassedTests, failed }
}

const main = async (): Promise<Counts> => {
  const words = process.argv.slice(2)
  console.log('── checks')
  const checks = await checkAll()
  if (checks.failed > 0) return checks
  if (process.getuid?.() !== 0) {
    console.error('The scenarios need a Docker engine of their own and root: run npm test as root.')
    return { passed: checks.passed, failed: 1 }
  }
  console.log('── the lab')
  await labUp((line) => console.log(`  ${line}`))
  await bundle()
  await bundle(true)
  console.log('── scenarios')
  const run = await scenarios(words)
  return { passed: checks.passed + run.passed, failed: checks.failed + run.failed }
}

const { passed, failed } = await main()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
