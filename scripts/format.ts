import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './bundle.ts'

const run = spawnSync(
  join(root, 'node_modules', '.bin', 'oxfmt'),
  ['--write', 'src', 'scripts', 'test'],
  {
    cwd: root,
    stdio: 'inherit',
  },
)
process.exitCode = run.status ?? 1
