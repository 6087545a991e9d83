#!/usr/bin/env node
// Picks one of the program's two lives: the command on a laptop, or the agent on a server.
import { setFlagsFromString } from 'node:v8'

const nodeLeast = 24
if (Number(process.versions.node.split('.')[0]) < nodeLeast) {
  process.stderr.write(
    `Zarpe needs Node ${nodeLeast} or newer; this is ${process.version} (${process.execPath}).\n` +
      '  → install it from https://nodejs.org, and run the same command again\n',
  )
  process.exit(1)
}

// Whatever passes through is garbage a moment later. With room for it that grows, 512 MiB of output
// took 258 MiB of memory; with room that does not, 131.
setFlagsFromString('--semi-space-growth-factor=1')

if (process.argv[2] === 'agent' && process.argv[3] === 'once') {
  const { once } = await import('./agent/once.ts')
  process.exit(await once(process.argv.slice(4)))
} else if (process.argv[2] === 'agent') {
  const { serve } = await import('./agent/serve.ts')
  await serve()
} else {
  const { program } = await import('./cli/program.ts')
  await program().parseAsync()
}
