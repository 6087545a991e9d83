import type { Command } from 'commander'
import { loadConfig } from '../app/app.load.ts'
import { configOf } from '../app/resolve.ts'
import { parseDotenv } from '../app/dotenv.ts'
import { action, type Context } from '../cli/context.ts'
import { tableLines } from '../cli/table.ts'
import { locate } from '../config/places.ts'
import type { Config } from '../config/schema.ts'
import { within } from '../io/host/files/durable.ts'
import { readOwned, writeOwned } from '../io/host/files/owned.ts'
import { Problem } from '../problem/problem.ts'
import { isRecipient } from './cipher.ts'
import { encryptedFile, readEncrypted } from './encrypted.load.ts'
import { badRecipient, sealed } from './encrypted.run.ts'
import { findIdentities, ownRecipients } from './identity.load.ts'
import { withoutRecipient, withRecipient } from './recipients.ts'
import { utf8 } from '../io/host/files/utf8.ts'

/** `zarpe secrets recipients add | remove | list`. */
export const addRecipients = (secrets: Command) => {
  const recipients = secrets
    .command('recipients')
    .description('who can read the encrypted values: public keys of age in zarpe.yml')
    .addHelpText(
      'after',
      '\nExamples:\n  zarpe secrets recipients list\n  zarpe secrets recipients add ana age1…\n  zarpe secrets recipients remove ana',
    )
  recipients
    .command('add')
    .argument('<name>', 'whose key it is, such as ana or ci')
    .argument('<key>', 'the public key: age1…')
    .description('let somebody read the encrypted values, those of before too')
    .addHelpText('after', '\nExample:\n  zarpe secrets recipients add ana age1…')
    .action(action(addOne))
  recipients
    .command('remove')
    .argument('<name>', 'whose key it is')
    .description('encrypt the values for the others only, and say what must be renewed')
    .addHelpText('after', '\nExample:\n  zarpe secrets recipients remove ana')
    .action(action(removeOne))
  recipients
    .command('list')
    .description('list who can read the encrypted values')
    .addHelpText(
      'after',
      '\nExamples:\n  zarpe secrets recipients list\n  zarpe secrets recipients list --json',
    )
    .action(action(listAll))
}

const addOne = async (context: Context, name: string, key: string) => {
  const { config } = await loadConfig(context.folder)
  const known = Object.entries(config.secrets.recipients)
  const same = known.find(([other, theirs]) => other === name || theirs === key)
  if (same) throw isThere(same[0])
  if (!(await isRecipient(key))) throw new Problem(badRecipient(name))
  const files = await changeRecipients(context, name, (text) => withRecipient(text, name, key))
  const { terminal } = context
  terminal.emit({ type: 'result', outcome: 'added', name, files: files.map(({ file }) => file) })
  terminal.say(`${terminal.good('✓')} ${name} can read ${list(files)}`)
  terminal.say(`  Commit ${['zarpe.yml', ...files.map(({ file }) => file)].join(' and ')}.`)
}

const removeOne = async (context: Context, name: string) => {
  const { config } = await loadConfig(context.folder)
  const names = Object.keys(config.secrets.recipients)
  if (!names.includes(name)) throw notThere(name, names)
  if (names.length === 1) throw lastOne(name)
  const files = await changeRecipients(context, name, (text) => withoutRecipient(text, name))
  const { terminal } = context
  terminal.emit({
    type: 'result',
    outcome: 'removed',
    name,
    files: files.map(({ file }) => file),
    renew: files.map(({ environment, names }) => ({ environment, names })),
  })
  terminal.say(`${terminal.good('✓')} ${name} cannot read what is written from now on`)
  if (files.length === 0) return
  terminal.say(`  ${name} has seen every value until now, and older commits still hold them.`)
  terminal.say('  Renew each of them where it was issued, then set it:')
  for (const { environment, names } of files)
    terminal.say(`  → zarpe --env ${environment} secrets rotate <NAME>    # ${names.join(', ')}`)
}

const listAll = async ({ terminal, folder }: Context) => {
  const { config } = await loadConfig(folder)
  const own = await ownRecipients(await findIdentities())
  const all = Object.entries(config.secrets.recipients)
  for (const [name, key] of all)
    terminal.emit({ type: 'recipient', name, key, own: own.includes(key) })
  const rows = all.map(([name, key]) => [name, key, own.includes(key) ? 'your own key' : ''])
  for (const line of tableLines(['name', 'public key', ''], rows)) terminal.print(line)
  terminal.emit({ type: 'result', outcome: 'listed', count: all.length })
  if (all.length === 0) terminal.say('Nobody yet: zarpe secrets recipients add <name> age1…')
}

type Changed = { environment: string; file: string; names: string[] }

/**
 * Writes zarpe.yml with other recipients and every encrypted file anew for them. All files are read
 * and encrypted first; if one cannot be, nothing is changed. After a crash in between, `secrets
 * rotate` in each environment brings the files in line with zarpe.yml.
 */
const changeRecipients = async (
  { folder }: Context,
  name: string,
  change: (text: string) => string,
): Promise<Changed[]> => {
  const path = within(folder, 'zarpe.yml')
  const before = utf8(await readOwned(path))
  if (before === null) throw notChanged('it is not UTF-8 text')
  const text = changeIn(before, change)
  const config = configOf(locate('zarpe.yml', text))
  // The other way of writing a name, or an alias of YAML: what stays in the file is encrypted for.
  const was = configOf(locate('zarpe.yml', before)).secrets.recipients
  if (Object.hasOwn(was, name) === Object.hasOwn(config.secrets.recipients, name))
    throw notChanged('`secrets.recipients` is written in a way that can only be changed by hand')
  const files = await reencrypted(folder, config)
  // Who is let in can read files only after zarpe.yml says so; it is also what git shows in a review.
  await writeOwned(path, text, { modeOfNew: 0o644 })
  for (const { file, content } of files)
    await writeOwned(within(folder, file), content, { modeOfNew: 0o644 })
  return files.map(({ content: _written, ...rest }) => rest)
}

const changeIn = (text: string, change: (text: string) => string): string => {
  try {
    return change(text)
  } catch {
    throw notChanged('`secrets.recipients` is written in a way that can only be changed by hand')
  }
}

const reencrypted = async (folder: string, config: Config) => {
  const files: (Changed & { content: string })[] = []
  for (const environment of Object.keys(config.environments)) {
    const file = encryptedFile(environment)
    const text = await readEncrypted(folder, file)
    if (text === null) continue
    const names = Object.keys(parseDotenv(file, text).values)
    const content = await sealed(config.secrets.recipients, text)
    files.push({ environment, file, names, content })
  }
  return files
}

const list = (files: Changed[]) =>
  files.length > 0 ? files.map(({ file }) => file).join(', ') : 'what will be encrypted'

const isThere = (name: string) =>
  new Problem({
    code: 'secrets/recipient-exists',
    summary: 'This recipient is there already; nothing was changed.',
    detail: `zarpe.yml has "${name}", or this key under that name.`,
    fix: ['zarpe secrets recipients list', `zarpe secrets recipients remove ${name}`],
  })

const notChanged = (why: string) =>
  new Problem({
    code: 'secrets/recipients-by-hand',
    summary: 'zarpe.yml could not be changed; nothing was.',
    detail: `zarpe.yml: ${why}.`,
    fix: ['Change it in an editor, then, for each environment: zarpe secrets rotate'],
  })

const notThere = (name: string, names: string[]) =>
  new Problem({
    code: 'secrets/no-such-recipient',
    summary: 'There is no such recipient.',
    detail: `zarpe.yml has no "${name}"; it has: ${names.join(', ') || 'none'}.`,
    fix: ['zarpe secrets recipients list'],
  })

const lastOne = (name: string) =>
  new Problem({
    code: 'secrets/last-recipient',
    summary: 'Nobody could read the values any more; nothing was changed.',
    detail: `"${name}" is the only recipient.`,
    fix: ['zarpe secrets recipients add <another> age1…    # first'],
  })
