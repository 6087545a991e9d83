import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, runOk } from '../../src/io/host/processes/process.ts'
import { bundle } from '../bundle.ts'
import { median } from './measure.ts'

const services = 30
const codeFiles = 600
const linesEach = 120

/** A product of 30 services that are all built, with 600 files of code in git. */
const write = async (folder: string) => {
  const names = Array.from({ length: services }, (_, index) => `app${index + 1}`)
  writeFileSync(
    join(folder, 'zarpe.yml'),
    'app: large\nservers: { main: deploy@vps.example }\nenvironments: { production: { servers: [main] } }\n',
  )
  writeFileSync(
    join(folder, 'compose.yml'),
    `services:\n${names.map((name) => `  ${name}:\n    build: ./${name}\n    environment: { LEVEL: "\${LEVEL:-info}" }\n`).join('')}`,
  )
  for (const name of names) {
    mkdirSync(join(folder, name))
    writeFileSync(
      join(folder, name, 'Dockerfile'),
      'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.mjs"]\n',
    )
    for (let file = 0; file < codeFiles / services; file++)
      writeFileSync(
        join(folder, name, `part${file}.mjs`),
        `export const limit = (items, count) => items.slice(0, count)\n`.repeat(linesEach),
      )
  }
  await runOk('git', ['-C', folder, 'init', '--quiet'])
  await runOk('git', ['-C', folder, 'add', '.'])
}

/** Milliseconds of the whole command `zarpe check`, the median of some rounds. */
export const measureCheck = async (rounds: number): Promise<number> => {
  const program = await bundle()
  const folder = mkdtempSync(join(tmpdir(), 'zarpe-bench-check-'))
  try {
    await write(folder)
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const started = Date.now()
      const result = await run(process.execPath, [program, '-C', folder, 'check', '--json'])
      if (!result.stdout.includes('"outcome":"clear"')) throw new Error(result.stdout.slice(-2_000))
      times.push(Date.now() - started)
    }
    return median(times)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
