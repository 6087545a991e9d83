import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { downAllOf } from '../../src/lab/vps.ts'
import { root } from '../bundle.ts'
import { stagesFor } from './lanes.ts'

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
    const ended = await Promise.all(
      rows.map(({ name, files }) => runRow(name, files, join(folder, `${name}.json`))),
    )
    for (const row of ended) {
      counts.passed += row.passed
      counts.failed += row.failed
      times.push(...row.times)
    }
  }
  console.log('── time of each scenario')
  for (const { name, seconds } of times) console.log(`${seconds.toFixed(0).padStart(5)} s  ${name}`)
  return counts
}

/** One vitest for the files of a row, one after the other, in the order given. */
const runRow = async (row: string, files: string[], outputFile: string) => {
  const argv = [
    ...['run', '--project', 'scenarios', '--reporter=verbose', '--reporter=json'],
    `--outputFile.json=${outputFile}`,
    ...files.map((name) => join('test', 'scenarios', `${name}.test.ts`)),
  ]
  const child = spawn(join(root, 'node_modules', '.bin', 'vitest'), argv, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ZARPE_TEST_ORDER: files.join(',') },
  })
  for (const stream of [child.stdout, child.stderr]) prefixLines(stream, `${row} │ `)
  const startedAt = Date.now()
  const code = await new Promise<number>((resolve) =>
    child.on('close', (ended) => resolve(ended ?? 1)),
  )
  return outcomeOf(outputFile, code, row, startedAt)
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

type Report = {
  numPassedTests: number
  numFailedTests: number
  testResults: { name: string; endTime: number }[]
}

/** What a row's vitest wrote; one that died without a word has failed. */
const outcomeOf = (outputFile: string, code: number, row: string, startedAt: number) => {
  try {
    const report = JSON.parse(readFileSync(outputFile, 'utf8')) as Report
    // A file that could not be loaded fails the run without failing a test.
    const failed = report.numFailedTests + (code !== 0 && report.numFailedTests === 0 ? 1 : 0)
    const ends = report.testResults.toSorted((left, right) => left.endTime - right.endTime)
    // From the end of the file before, so that what a file prepares counts as its own.
    const times = ends.map(({ name, endTime }, index) => ({
      name: basename(name, '.test.ts'),
      seconds: (endTime - (ends[index - 1]?.endTime ?? startedAt)) / 1000,
    }))
    return { passed: report.numPassedTests, failed, times }
  } catch {
    console.error(`The row "${row}" ended with ${code} and left no report.`)
    return { passed: 0, failed: 1, times: [] }
  }
}
