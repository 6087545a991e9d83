#!/usr/bin/env node
// Picks one of the program's two lives: the command on a laptop, or the agent on a server.
import { setFlagsFromString } from 'node:v8'

// Whatever passes through is garbage a moment later. With room for it that grows, 512 MiB of output
// took 258 MiB of memory; with room that does not, 131.
setFlagsFromString('--semi-space-growth-factor=1')

if (process.argv[2] === 'agent') {
  const { serve } = await import('./agent/serve.ts')
  await serve()
} else {
  const { program } = await import('./cli/program.ts')
  await program().parseAsync()
}
