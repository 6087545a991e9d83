// `npm test`: the fast checks, then every scenario on real engines in the lab. Ends with one line of
// counts. `npm test -- <words>` runs only the scenarios whose file names hold one of the words.
import { labUp } from '../src/lab/lab.ts'
import { bundle } from './bundle.ts'
import { checkAll } from './check.ts'
import { type Counts, runScenarios } from './test/scenarios.ts'

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
  const run = await runScenarios(words)
  return { passed: checks.passed + run.passed, failed: checks.failed + run.failed }
}

const { passed, failed } = await main()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
