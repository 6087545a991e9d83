// The fast part of the tests, under a minute: types, lint, format, unused code, unit tests, docs.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { root } from './bundle.ts'

type Check = { name: string; argv: string[] }

const bin = (name: string) => join(root, 'node_modules', '.bin', name)

const checks: Check[] = [
  // The longest goes first.
  { name: 'unit', argv: [bin('vitest'), 'run', '--project', 'unit', '--reporter=dot'] },
  { name: 'types', argv: [bin('tsc'), '--noEmit'] },
  {
    name: 'lint',
    argv: [
      bin('oxlint'),
      '--type-aware',
      '--tsconfig',
      'tsconfig.json',
      '--deny-warnings',
      'src',
      'scripts',
      'test',
    ],
  },
  { name: 'format', argv: [bin('oxfmt'), '--check', 'src', 'scripts', 'test'] },
  { name: 'unused', argv: [bin('knip')] },
  { name: 'docs', argv: [process.execPath, 'scripts/docs.ts', '--check'] },
]

const runCheck = (check: Check) =>
  new Promise<boolean>((resolve) => {
    const started = Date.now()
    const [file = '', ...argv] = check.argv
    const child = spawn(file, argv, { cwd: root, env: { ...process.env, NO_COLOR: '1' } })
    let printed = ''
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()))
    child.stderr.on('data', (text: Buffer) => (printed += text.toString()))
    child.on('close', (code) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1)
      console.log(`${code === 0 ? '✓' : '✗'} ${check.name} ${seconds} s`)
      if (code !== 0) console.log(printed.trimEnd())
      resolve(code === 0)
    })
  })

/** Runs all checks, as many at once as there are cores. Returns how many passed and failed. */
export const checkAll = async (): Promise<{ passed: number; failed: number }> => {
  const queue = [...checks]
  const results: boolean[] = []
  const worker = async () => {
    for (let check = queue.shift(); check; check = queue.shift())
      results.push(await runCheck(check))
  }
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker))
  const passed = results.filter(Boolean).length
  return { passed, failed: results.length - passed }
}

if (import.meta.filename === process.argv[1]) {
  const { passed, failed } = await checkAll()
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}
