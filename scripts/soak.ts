// `npm run soak`: the long forms of the scenarios, for hours rather than minutes, part after part. Their
// outcomes go to docs/soak.md. `npm run soak -- gapless flood` runs the parts that hold the words.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labUp } from '../src/lab/lab.ts'
import { ensureServed } from '../src/lab/mirror.ts'
import { problemsOf } from '../src/problem/problem.ts'
import { bundle, root } from './bundle.ts'
import { type Outcome, writePage } from './soak/page.ts'
import { type Part, parts, partsFor } from './soak/parts.ts'

const folder = mkdtempSync(join(tmpdir(), 'zarpe-soak-'))
const page = join(root, 'docs', 'soak.md')

/** Runs one part by itself: what it tells, and how it ended. */
const runPart = async ({ part, file, tests, env }: Part): Promise<Outcome[]> => {
  const told = join(folder, `${part}.jsonl`)
  const argv = [
    ...['run', '--project', 'scenarios', '--reporter=verbose'],
    ...['--testTimeout=10800000', '--hookTimeout=1800000'],
    ...(tests === undefined ? [] : ['--testNamePattern', tests]),
    join('test', 'scenarios', `${file}.test.ts`),
  ]
  const started = Date.now()
  const child = spawn(join(root, 'node_modules', '.bin', 'vitest'), argv, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ZARPE_SOAK: '1', ZARPE_SOAK_FILE: told, ...env },
  })
  const code = await new Promise<number>((resolve) =>
    child.on('close', (ended) => resolve(ended ?? 1)),
  )
  const values = existsSync(told)
    ? readFileSync(told, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { what: string; value: string })
        .map(({ what, value }) => `${what}: ${value}`)
    : []
  const took = `${((Date.now() - started) / 60_000).toFixed(0)} min`
  const end = code === 0 ? `passed in ${took}` : `FAILED after ${took}`
  return [...values, end].map((value) => ({ part, value }))
}

/** Why a part cannot be run here; null if it can. */
const lackingFor = async ({ images }: Part): Promise<string | null> => {
  if (!images) return null
  try {
    await ensureServed(images, (line) => console.log(`  ${line}`))
    return null
  } catch (error) {
    const [problem] = problemsOf(error)
    if (problem?.code !== 'lab/not-given') throw error
    return [problem.detail, ...problem.fix].join('\n   ')
  }
}

const words = process.argv.slice(2)
const chosen = partsFor(words)
if (chosen.length === 0) {
  console.error(`No part holds ${words.join(' or ')}. There are:`)
  for (const { part, minutes, asked } of parts)
    console.error(`  ${part.padEnd(17)} ${String(minutes).padStart(2)} min  ${asked}`)
  process.exit(2)
}
console.log(
  `${chosen.map(({ part }) => part).join(', ')}: about ${chosen.reduce((sum, { minutes }) => sum + minutes, 0)} minutes`,
)
await labUp((line) => console.log(`  ${line}`))
await bundle()
await bundle(true)
for (const part of chosen) {
  console.log(`── ${part.part}: ${part.asked}`)
  const lacking = await lackingFor(part)
  if (lacking !== null) {
    console.log(`   not run: ${lacking}`)
    // Whoever asked for it by its name must not take it for passed.
    if (words.length > 0) process.exitCode = 1
    continue
  }
  const outcomes = await runPart(part)
  // After each, so that what is cut off keeps what it had.
  writePage(page, outcomes)
  for (const { value } of outcomes) console.log(`   ${value}`)
  if (outcomes.some(({ value }) => value.startsWith('FAILED'))) process.exitCode = 1
}
