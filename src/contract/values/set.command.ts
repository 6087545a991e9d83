import type { Command } from 'commander'
import { valueBytesMax } from '../../app/limits.ts'
import { loadInputs } from '../../app/app.load.ts'
import { valuesFileOf } from '../../app/environment.ts'
import { action, type Context } from '../../cli/context.ts'
import { readValue } from '../../cli/read-value.ts'
import { Problem, type ProblemData, Problems } from '../../problem/problem.ts'
import { outrankedNotes } from '../../secrets/source.ts'
import { checkContract } from '../check.ts'
import { contextOf } from '../context.ts'
import type { Contract } from '../model.ts'
import { writeValues } from './write.run.ts'

/** `zarpe env set`. */
export const addEnvSet = (env: Command) => {
  env
    .command('set')
    .argument('<name>', 'the variable; NAME=value only if the contract says that it is no secret')
    .description('set one value, asked for without an echo or read from stdin')
    .addHelpText(
      'after',
      `
What stands in a command line is seen by every program of the machine, so a secret is not taken from there.
The value is checked against .env.schema before it is written into .env.<environment>, or into
.env.<environment>.age if that is the one there is. It replaces the old one.

Examples:
  zarpe env set SECRET_KEY
  pass show shop/smtp | zarpe env set SMTP_PASSWORD --env production
  zarpe env set LOG_LEVEL=debug`,
    )
    .action(action(setValue))
}

const setValue = async (context: Context, given: string) => {
  const { config, name, files, environment, contract } = await loadInputs(
    context.folder,
    context.options.env,
  )
  const mistakes = [...environment.problems, ...contract.problems]
  if (mistakes.length > 0) throw new Problems(mistakes)
  const cut = given.indexOf('=')
  const variable = cut < 0 ? given : given.slice(0, cut)
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) throw badName()
  if (cut >= 0 && !isOpen(contract.contract, variable)) throw inCommandLine(variable, name)
  const value =
    cut < 0 ? await readValue(context, variable, { verb: 'env set' }) : given.slice(cut + 1)
  const open = isOpen(contract.contract, variable)
  if (cut < 0 && value === '')
    throw nothingGiven(variable, valuesFileOf(name, config.environments[name]!), open ? name : null)
  if (value.includes('\0') || Buffer.byteLength(`${variable}=${value}`) > valueBytesMax)
    throw unfit(variable)
  const values = { ...environment.values, [variable]: value }
  const against = contextOf(config, name, environment, null, files)
  const here = { file: 'the value given', line: 1, column: 1 }
  const wrong = checkContract(contract.contract, values, {
    ...against,
    unclear: value !== '',
    places: { [variable]: here },
  }).filter((each) => each.place === here || lacks(each, variable))
  if (wrong.length > 0) throw new Problems(wrong.map(({ place: _here, ...rest }) => rest))
  const written = await writeValues(context, config, name, { [variable]: value })
  const { file } = written
  const notes = [...written.notes, ...outrankedNotes(environment, file, [variable])]
  const { terminal } = context
  const declared = contract.contract.variables.some((each) => each.name === variable)
  if (contract.exists && !declared)
    terminal.say(terminal.dim(`  note: ${variable} is not in ${contract.contract.file}`))
  for (const note of notes) terminal.say(terminal.dim(`  note: ${note}`))
  terminal.emit({ type: 'result', outcome: 'set', file, name: variable, declared, notes })
  terminal.say(
    `${terminal.good('✓')} ${variable} set in ${file}; it is in use after: zarpe deploy --no-build --env ${name}`,
  )
}

/** Whether a problem is that a required variable would be left without a value. */
const lacks = ({ code, detail }: ProblemData, variable: string) =>
  code === 'contract/missing-value' && detail.startsWith(`\`${variable}\``)

const isOpen = (contract: Contract, name: string) =>
  contract.variables.some((each) => each.name === name && !each.sensitive)

const badName = () =>
  new Problem({
    code: 'contract/bad-name',
    summary: 'This is no name for a variable.',
    detail: 'A name has letters, digits and _, and begins with a letter or _.',
    fix: ['zarpe env set SOME_NAME'],
  })

/** Such as when the program in front of the pipe failed; the value that is there must survive it. */
const nothingGiven = (name: string, file: string, openIn: string | null) =>
  new Problem({
    code: 'contract/nothing-given',
    summary: 'No value was given; nothing was changed.',
    detail: `What was read for \`${name}\` is empty.`,
    fix: [
      openIn === null
        ? `To leave it empty on purpose, remove its line from ${file}.`
        : `zarpe env set ${name}= --env ${openIn}    # if it is empty on purpose`,
    ],
  })

const inCommandLine = (name: string, environment: string) =>
  new Problem({
    code: 'contract/in-command-line',
    summary: 'A secret is not taken from the command line.',
    detail: `\`${name}\` may be a secret, and every program of this machine can read command lines; the shell keeps them too. Nothing was written; renew the value if it was real.`,
    fix: [
      `zarpe env set ${name} --env ${environment}`,
      `If it is none, declare it in .env.schema: # @public`,
    ],
  })

const unfit = (name: string) =>
  new Problem({
    code: 'contract/unfit',
    summary: 'No environment variable can hold this value.',
    detail: `The value for \`${name}\` holds a NUL byte, or more than ${valueBytesMax} bytes with its name.`,
    fix: ['Put it into a file that the app reads.'],
  })
