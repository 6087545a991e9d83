#!/usr/bin/env node
// The command as users have it. Node keeps what it has compiled of the program, which is most of the time that a verb takes
// to start; it can only do so for files that are loaded after this one.
import * as module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const program = fileURLToPath(new URL('../dist/zarpe.mjs', import.meta.url))
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
// Older than the program needs, Node lacks this; the program says so.
module.enableCompileCache?.(join(cache, 'zarpe', 'compiled'))
// What is sent to a server is the program, not this.
process.argv[1] = program
await import(pathToFileURL(program).href)
