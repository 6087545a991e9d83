import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { parseDotenv } from '../app/dotenv.ts'
import { withValue } from '../app/dotenv-edit.ts'
import { action, type Context } from '../cli/context.ts'
import { readValue } from '../cli/read-value.ts'
import { checkValue } from '../contract/check.ts'
import { loadContract } from '../contract/contract.load.ts'
import { generateValues } from '../contract/values/generate.ts'
import type { Contract } from '../contract/model.ts'
import { Problem, type ProblemData, Problems } from '../problem/problem.ts'
import { type Encrypted, openEncrypted, saveEncrypted } from './encrypted.run.ts'
import { loadOutranked } from './environment.load.ts'
import { nameProblems, variableProblems } from './variable.ts'

/** 256 bits, as 43 letters, digits, - and _. */
const generatedBytes = 32

/** `zarpe secrets set`. */
export const addSet = (secrets: Command) => {
  secrets
    .command('set')
    .argument('<NAME>', 'the variable')
    .option('--exact', 'a line break at the end of stdin is part of the value', false)
    .description('set one encrypted value, from stdin or asked for without showing it')
    .addHelpText(
      'after',
      `
The value is never an argument: other users of the machine could read it. It is checked against .env.schema.

Examples:
  zarpe secrets set SMTP_PASSWORD
  openssl rand -hex 32 | zarpe secrets set SECRET_KEY
  zarpe secrets set TLS_KEY --exact < key.pem`,
    )
    .action(
      action(async (context, name: string, { exact }: { exact: boolean }) => {
        refuse(nameProblems(name))
        const opened = await openEncrypted(context)
        const value = await readValue(context, name, { verb: 'secrets set', exact })
        const { contract } = await loadContract(context.folder)
        const values = { ...parseDotenv(opened.file, opened.text).values, [name]: value }
        refuse([...variableProblems(name, value), ...checkValue(contract, values, name, opened)])
        await save(context, opened, withValue(opened.text, name, value), 'set', [name])
      }),
    )
}

/** `zarpe secrets rotate`. */
export const addRotate = (secrets: Command) => {
  secrets
    .command('rotate')
    .argument('[NAMES...]', 'variables that get a new value')
    .option(
      '--generate',
      'make the new values, each as its type in .env.schema says, else 256 random bits as base64url',
      false,
    )
    .description('give encrypted values new ones; without a name, only encrypt the file anew')
    .addHelpText(
      'after',
      `
--generate is for values that only your own services know, such as a session key. What another
party gave you, such as an API key, is renewed there; give its new value on stdin.

Examples:
  zarpe secrets rotate SECRET_KEY SESSION_KEY --generate
  zarpe secrets rotate SMTP_PASSWORD
  zarpe secrets rotate`,
    )
    .action(
      action(async (context, names: string[], { generate }: { generate: boolean }) => {
        if (names.length > 1 && !generate) throw oneAtATime(names)
        const opened = await openEncrypted(context)
        if (!opened.exists) throw nothingThere(opened)
        const { values } = parseDotenv(opened.file, opened.text)
        refuse(
          names.flatMap((name) => (Object.hasOwn(values, name) ? [] : [unknown(name, opened)])),
        )
        const { contract } = await loadContract(context.folder)
        let text = opened.text
        for (const name of names) {
          const value = generate
            ? generateFor(contract, values, opened.environment, name)
            : await readValue(context, name, { verb: 'secrets rotate' })
          refuse([
            ...variableProblems(name, value),
            ...(value === values[name] ? [same(name)] : []),
            ...checkValue(contract, { ...values, [name]: value }, name, opened),
          ])
          text = withValue(text, name, value)
        }
        await save(context, opened, text, names.length > 0 ? 'rotated' : 'encrypted-anew', names)
      }),
    )
}

/** A new value as the contract's type makes them, or of random bits when it says nothing. */
const generateFor = (
  contract: Contract,
  values: Record<string, string>,
  environment: string,
  name: string,
): string => {
  const made = generateValues(contract, { ...values, [name]: '' }, environment, [name], randomBytes)
  return made.values[name] ?? randomBytes(generatedBytes).toString('base64url')
}

const save = async (
  { terminal, folder }: Context,
  opened: Encrypted,
  text: string,
  outcome: string,
  names: string[],
) => {
  const { file, environment, settings } = opened
  const saved = await saveEncrypted(folder, opened, text)
  const notes = [...saved, ...(await loadOutranked(folder, environment, settings, names))]
  const recipients = Object.keys(opened.recipients)
  terminal.emit({ type: 'result', outcome, environment, file, names, recipients, notes })
  const what = names.length > 0 ? names.join(', ') : 'everything'
  terminal.say(`${terminal.good('✓')} ${what} in ${file}, for ${recipients.join(', ')}`)
  for (const note of notes) terminal.say(terminal.dim(`  note: ${note}`))
  if (names.length > 0)
    terminal.say(`  Commit the file; "zarpe deploy --env ${environment}" takes it to the server.`)
}

const refuse = (problems: ProblemData[]) => {
  if (problems.length > 0) throw new Problems(problems)
}

const oneAtATime = (names: string[]) =>
  new Problem({
    code: 'secrets/no-value',
    summary: 'There is no value, and no terminal to ask for it on.',
    detail: `stdin can hold one new value, and ${names.length} names were given.`,
    fix: [
      ...names.map((name) => `zarpe secrets rotate ${name}`),
      `zarpe secrets rotate ${names.join(' ')} --generate`,
    ],
  })

const nothingThere = ({ file, environment }: Encrypted) =>
  new Problem({
    code: 'secrets/none',
    summary: 'There are no encrypted values yet.',
    detail: `${file} does not exist.`,
    fix: [`zarpe --env ${environment} secrets set <NAME>`],
  })

const unknown = (name: string, { file, environment }: Encrypted): ProblemData => ({
  code: 'secrets/unknown-name',
  summary: 'The encrypted values have no such name; nothing was changed.',
  detail: `${file} has no \`${name}\`.`,
  fix: [
    `zarpe --env ${environment} secrets list`,
    `zarpe --env ${environment} secrets set ${name}`,
  ],
})

const same = (name: string): ProblemData => ({
  code: 'secrets/same-value',
  summary: 'The new value is the old one; nothing was changed.',
  detail: `\`${name}\` has this value already, so nothing would be rotated.`,
  fix: [`zarpe secrets rotate ${name} --generate`],
})
