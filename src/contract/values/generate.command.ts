import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { loadInputs } from '../../app/app.load.ts'
import { valuesFileOf } from '../../app/environment.ts'
import { action, type Context } from '../../cli/context.ts'
import { Problems } from '../../problem/problem.ts'
import { generateValues } from './generate.ts'
import { noContract } from './verify.command.ts'
import { writeValues } from './write.run.ts'

/** `zarpe env generate`. */
export const addEnvGenerate = (env: Command) => {
  env
    .command('generate')
    .argument('[names...]', 'variables to generate; without any, all that are required and missing')
    .description('make the secrets that are missing, each as its type says, and write them down')
    .addHelpText(
      'after',
      `
Writes into .env.<environment> (mode 0600), or into .env.<environment>.age if that is the one there is. A value that is there is never replaced, and none is shown.

Examples:
  zarpe env generate
  zarpe env generate SECRET_KEY --env staging`,
    )
    .action(action(generate))
}

const generate = async (context: Context, names: string[]) => {
  const { config, name, environment, contract } = await loadInputs(
    context.folder,
    context.options.env,
  )
  if (!contract.exists) throw noContract(context.folder)
  const mistakes = [...environment.problems, ...contract.problems]
  if (mistakes.length > 0) throw new Problems(mistakes)
  const made = generateValues(contract.contract, environment.values, name, names, randomBytes)
  if (made.problems.length > 0) throw new Problems(made.problems)
  const generated = Object.keys(made.values)
  const { file, notes } =
    generated.length > 0
      ? await writeValues(context, config, name, made.values)
      : { file: valuesFileOf(name, config.environments[name]!), notes: [] }
  const { terminal } = context
  const { left, optional } = made
  terminal.emit({ type: 'result', outcome: 'generated', file, generated, left, optional, notes })
  terminal.say(
    generated.length > 0
      ? `${terminal.good('✓')} ${generated.join(', ')} generated into ${file}`
      : `${terminal.good('✓')} nothing to generate: no required key or password of ${name} lacks a value`,
  )
  for (const note of notes) terminal.say(terminal.dim(`  note: ${note}`))
  for (const each of left)
    terminal.say(`  yours to set: zarpe env set ${each.name} --env ${name}    # ${each.expected}`)
  if (optional.length > 0)
    terminal.say(`  optional and empty: zarpe env generate ${optional.join(' ')} --env ${name}`)
}
