// `npm test`: the fast checks, then every scenario on real engines in the lab. Ends with one line of
// counts. `npm test -- <words>` runs only the scenarios whose file names hold one of the words.
import { labUp } from '../src/lab/lab.ts'
import { ensureTools } from '../src/lab/tools.ts'
import { bundle } from './bundle.ts'
import { checkAll } from './check.ts'
import { type Counts, runScenarios } from './test/scenarios.ts'

const report = (line: string) => console.log(`  ${line}`)

const main = async (): Promise<Counts> => {
  const words = process.argv.slice(2)
  if (process.getuid?.() !== 0) {
    console.error('The scenarios need a Docker engine of their own and root: run npm test as root.')
    const checks = await checkAll()
    return { passed: checks.passed, failed: checks.failed + 1 }
  }
  // First what the checks themselves can use; then the lab waits for packages while they compute.
  console.log('── the lab, and the checks meanwhile')
  await ensureTools(report)
  const [checks] = await Promise.all([checkAll(), labUp(report)])
  if (checks.failed > 0) return checks
  await bundle()
  await bundle(true)
  console.log('── scenarios')
  const run = await runScenarios(words)
  return { passed: checks.passed + run.passed, failed: checks.failed + run.failed }
}

const { passed, failed } = await main()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
