import type { Command } from 'commander'
import { action, type Context } from '../../cli/context.ts'
import { Problem } from '../../problem/problem.ts'
import { contractFile } from '../contract.load.ts'
import { deriveContract, derivedWords } from './derive.run.ts'

/** `zarpe env init`. */
export const addEnvInit = (env: Command) => {
  env
    .command('init')
    .description(
      'write a first .env.schema from .env.example, Compose files and what the code reads',
    )
    .addHelpText(
      'after',
      `
Types are guessed, for you to review; values of your environments are not written into it.
Writes nothing if there is a .env.schema already.

Example:
  zarpe env init && zarpe env check`,
    )
    .action(action(init))
}

const init = async (context: Context) => {
  const derived = await deriveContract(context.folder, context.options.env)
  if (derived.is === 'there already') throw exists()
  if (derived.is === 'about nothing') throw nothingFound()
  const { terminal } = context
  const { variables, from, notes } = derived
  terminal.emit({ type: 'result', outcome: 'written', file: contractFile, variables, notes })
  terminal.say(`${terminal.good('✓')} ${derivedWords(derived)}`)
  terminal.say(terminal.dim(`  from ${from.join(', ')}`))
  for (const note of notes) terminal.say(terminal.dim(`  note: ${note}`))
  terminal.say('  Read it through, then: zarpe env check')
}

const exists = () =>
  new Problem({
    code: 'contract/exists',
    summary: 'There is a .env.schema already; it was not touched.',
    detail: 'init only writes a first one.',
    fix: ['zarpe env check'],
  })

const nothingFound = () =>
  new Problem({
    code: 'contract/nothing-found',
    summary: 'No variable was found that a contract could be about.',
    detail: 'Neither an example, the Compose files, an environment nor the code has one.',
    fix: ['Write .env.schema by hand: each variable as NAME= under a comment such as # @required'],
  })
