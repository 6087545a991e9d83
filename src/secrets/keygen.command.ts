import type { Command } from 'commander'
import { action } from '../cli/context.ts'
import { absolute, createDurable, within } from '../io/host/files/durable.ts'
import { readOwnedText } from '../io/host/files/owned.ts'
import { Problem } from '../problem/problem.ts'
import { newIdentity, recipientOf } from './cipher.ts'
import { keptByGit } from './exposure.load.ts'
import { defaultKeyFile } from './identity.load.ts'
import { identityFile } from './identity.ts'

/** `zarpe secrets keygen`. */
export const addKeygen = (secrets: Command) => {
  secrets
    .command('keygen')
    .option('--out <file>', 'where to write it, as for a key of CI')
    .description('make a secret key of age for yourself or for CI, and print its public key')
    .addHelpText(
      'after',
      `
The key is in $ZARPE_AGE_KEY, the file $ZARPE_AGE_KEY_FILE or ~/.config/zarpe/age.key: the first
that is there counts. A key made by age-keygen is as good.

Examples:
  zarpe secrets keygen
  zarpe secrets keygen --out ci.key && gh secret set ZARPE_AGE_KEY < ci.key && shred -u ci.key`,
    )
    .action(
      action(async ({ terminal, folder }, { out }: { out?: string }) => {
        const file = out === undefined ? defaultKeyFile() : absolute(within(folder, out))
        const identity = await newIdentity()
        const recipient = (await recipientOf(identity))!
        const content = identityFile(identity, recipient, new Date().toISOString())
        if (!(await createDurable(file, content))) throw exists(file, await publicKeyIn(file))
        // Where git tells nothing, such as of another user's folder, it may well have nothing to do with this file.
        const exposed = (await keptByGit(folder, file)).some(
          ({ code }) => code === 'environment/not-ignored',
        )
        terminal.emit({ type: 'result', outcome: 'made', file, recipient })
        terminal.print(recipient)
        terminal.say(`${terminal.good('✓')} ${file} written; above is its public key`)
        if (exposed) terminal.say(`  note: git would take ${file} with the next \`git add .\``)
        terminal.say(`  → zarpe secrets recipients add <name> ${recipient}`)
      }),
    )
}

const publicKeyIn = async (file: string): Promise<string | null> => {
  const secret = /^AGE-SECRET-KEY-\S+$/m.exec((await readOwnedText(file)) ?? '')?.[0]
  return secret ? recipientOf(secret) : null
}

const exists = (file: string, recipient: string | null) =>
  new Problem({
    code: 'secrets/key-exists',
    summary: 'There is a key already; it was not touched.',
    detail: [
      `${file} may be the only key that reads some of your values.`,
      ...(recipient ? [`Its public key is ${recipient}.`] : []),
    ].join(' '),
    fix: ['zarpe secrets keygen --out <another file>'],
  })
