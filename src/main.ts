#!/usr/bin/env node
// Picks one of the program's two lives: the command on a laptop, or the agent on a server.
if (process.argv[2] === 'agent') {
  const { serve } = await import('./agent/serve.ts')
  await serve()
} else {
  const { program } = await import('./cli/program.ts')
  await program().parseAsync()
}
