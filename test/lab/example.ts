import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Example } from '../../src/check/rule.ts'
import { run } from '../../src/io/host/processes/process.ts'

const usual: Record<string, string> = {
  'zarpe.yml':
    'app: shop\nservers: { main: deploy@vps.example }\nenvironments: { production: { servers: [main] } }\n',
  'compose.yml': 'services:\n  web:\n    build: .\n',
  Dockerfile: 'FROM node:24-slim\nUSER node\nCMD ["node", "server.mjs"]\n',
}

/** As git must be told before any values are kept beside the code. */
const ignore = '.env*\n!.env.schema\n!.env.example\n'

const isValues = (file: string) => /(^|\/)\.env/.test(file)

/** Writes an example of a rule into a git repository of its own for as long as `act` takes. */
export const inExample = async <Result>(
  example: Example,
  act: (folder: string) => Promise<Result>,
): Promise<Result> => {
  const folder = mkdtempSync(join(tmpdir(), 'zarpe-rule-'))
  try {
    const files = { ...usual, '.gitignore': ignore, ...example.files }
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), text)
      chmodSync(join(folder, file), isValues(file) ? 0o600 : 0o644)
    }
    const tracked = example.tracked ?? Object.keys(files).filter((file) => !isValues(file))
    await run('git', ['-C', folder, 'init', '--quiet'])
    if (tracked.length > 0) await run('git', ['-C', folder, 'add', '--force', '--', ...tracked])
    return await act(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether this machine can merge Compose files; the lab makes sure of it, a bare machine may not. */
export const canMerge = async (): Promise<boolean> =>
  (await run('docker', ['compose', 'version']).catch(() => null))?.code === 0
