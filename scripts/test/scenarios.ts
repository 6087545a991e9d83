import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { downAllOf } from '../../src/lab/vps.ts'
import { root } from '../bundle.ts'
import { nextFile, stagesFor } from './lanes.ts'

export type Counts = { passed: number; failed: number }

type FileTime = { name: string; seconds: number }

/** Runs the scenarios, stage after stage, and tells at the end how long each file took. */
export const runScenarios = async (words: string[]): Promise<Counts> => {
  const folder = mkdtempSync(join(tmpdir(), 'zarpe-test-'))
  const counts = { passed: 0, failed: 0 }
  const times: FileTime[] = []
  const stages = stagesFor(words)
  // Each file removes its own, too; what a run that was ended has left would take the machine until then.
  for (const { files } of stages.flat()) for (const file of files) await downAllOf(file)
  for (const rows of stages) {
    const begun = new Set<string>()
    const work = async (own: number) => {
      for (;;) {
        const file = nextFile(rows, own, begun)
        if (file === undefined) return
        begun.add(file)
        const startedAt = Date.now()
        const { passed, failed } = await runFile(
          file,
          rows[own]!.name,
          join(folder, `${file}.json`),
        )
        counts.passed += passed
        counts.failed += failed
        times.push({ name: file, seconds: (Date.now() - startedAt) / 1000 })
      }
    }
    await Promise.all(rows.map((_row, own) => work(own)))
  }
  console.log('── time of each scenario')
  for (const { name, seconds } of times) console.log(`${seconds.toFixed(0).padStart(5)} s  ${name}`)
  return counts
}

/** A vitest of its own: what a scenario leaves in its process is nobody else's. */
const runFile = async (file: string, row: string, outputFile: string): Promise<Counts> => {
  const argv = [
    ...['run', '--project', 'scenarios', '--reporter=verbose', '--reporter=json'],
    `--outputFile.json=${outputFile}`,
    join('test', 'scenarios', `${file}.test.ts`),
  ]
  const child = spawn(join(root, 'node_modules', '.bin', 'vitest'), argv, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) prefixLines(stream, `${row} │ `)
  const code = await new Promise<number>((resolve) =>
    child.on('close', (ended) => resolve(ended ?? 1)),
  )
  return outcomeOf(outputFile, code, file)
}

const prefixLines = (stream: NodeJS.ReadableStream, prefix: string) => {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) console.log(prefix + line)
  })
  stream.on('end', () => {
    if (rest) console.log(prefix + rest)
  })
}

type Report = { numPassedTests: number; numFailedTests: number }

/** What a vitest wrote; one that died without a word has failed. */
const outcomeOf = (outputFile: string, code: number, file: string): Counts => {
  try {
    const report = JSON.parse(readFileSync(outputFile, 'utf8')) as Report
    // A file that could not be loaded fails the run without failing a test.
    const failed = report.numFailedTests + (code !== 0 && report.numFailedTests === 0 ? 1 : 0)
    return { passed: report.numPassedTests, failed }
  } catch {
    console.error(`"${file}" ended with ${code} and left no report.`)
    return { passed: 0, failed: 1 }
  }
}
