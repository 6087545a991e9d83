// `npm run zarpe -- <verb>`: the program as users run it, bundled anew if a source has changed.
import { spawnSync } from 'node:child_process'
import { bundle } from './bundle.ts'

const path = await bundle()
const run = spawnSync(process.execPath, [path, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exitCode = run.status ?? 1
