// `npm run zarpe -- <verb>`: the program as users run it, bundled anew if a source has changed.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { bundle, root } from './bundle.ts'

await bundle()
// npm runs a script in the folder of its package; the user means the one they are in.
const cwd = process.env['npm_lifecycle_event'] === 'zarpe' ? process.env['INIT_CWD'] : undefined
const run = spawnSync(
  process.execPath,
  [join(root, 'bin', 'zarpe.mjs'), ...process.argv.slice(2)],
  { stdio: 'inherit', cwd },
)
process.exitCode = run.status ?? 1
