import type { Command } from 'commander'
import { addRotate, addSet } from './change.command.ts'
import { addEdit } from './edit.command.ts'
import { addKeygen } from './keygen.command.ts'
import { addList } from './list.command.ts'
import { addRecipients } from './recipients.command.ts'

/** `zarpe secrets …`. */
export const addSecrets = (program: Command) => {
  const secrets = program
    .command('secrets')
    .description('values that are encrypted with age and committed: .env.<environment>.age')
    .addHelpText(
      'after',
      `
Examples:
  zarpe secrets keygen                                            # to begin
  zarpe secrets recipients add <your name> age1…
  zarpe secrets set DATABASE_PASSWORD
  age --decrypt -i ~/.config/zarpe/age.key .env.production.age    # works without Zarpe, too`,
    )
  for (const add of [addKeygen, addSet, addEdit, addList, addRotate, addRecipients]) add(secrets)
}
