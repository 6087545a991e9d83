import type { Command } from 'commander'
import { action, type Context } from '../cli/context.ts'
import { createExclusive, statOf, within } from '../io/host/durable.ts'
import { Problem } from '../problem/problem.ts'
import { contractFile, ignoredNotes } from './contract.load.ts'
import { loadFound } from './found.load.ts'
import { guessType } from './guess.ts'
import { initialContract, isFormFromValue } from './init.render.ts'

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
  const path = within(context.folder, contractFile)
  if ((await statOf(path)) !== null) throw exists()
  const { found, examples, compose, code } = await loadFound(context.folder, context.options.env)
  if (found.length === 0) throw nothingFound()
  if (!(await createExclusive(path, initialContract(found), 0o644))) throw exists()
  const { terminal } = context
  const lists = found.filter(isFormFromValue).map(({ name }) => name)
  const notes = [
    ...(lists.length > 0
      ? [`${lists.join(', ')}: JSON, because the value is; if the app reads a,b, correct both`]
      : []),
    ...(await ignoredNotes(context.folder)),
  ]
  const variables = found.map((each) => ({
    name: each.name,
    required: each.needed,
    ...guessType(each),
  }))
  terminal.emit({ type: 'result', outcome: 'written', file: contractFile, variables, notes })
  const typed = variables.filter(({ type }) => type !== null).length
  const secret = variables.filter(({ sensitive }) => sensitive).length
  terminal.say(
    `${terminal.good('✓')} ${contractFile} written: ${found.length} ${found.length === 1 ? 'variable' : 'variables'}, ${typed} with a type, ${secret} secret`,
  )
  terminal.say(
    terminal.dim(
      `  from ${[...examples, ...compose, ...(code > 0 ? [`${code} ${code === 1 ? 'file' : 'files'} of code`] : [])].join(', ')}`,
    ),
  )
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
