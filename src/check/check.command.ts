import { type Command, Option } from 'commander'
import { action } from '../cli/context.ts'
import type { CheckOptions } from './perform.command.ts'

/** `zarpe check`. */
export const addCheck = (program: Command) => {
  program
    .command('check')
    .description('tell all that can be known before anything is touched; changes nothing')
    .option('--strict', 'warnings fail too', false)
    .option('--no-values', 'look at everything but the values, which this machine does not have')
    .addOption(
      new Option('--staged', 'look for secrets in what git is about to commit, and at nothing else')
        .default(false)
        .conflicts(['values', 'remote']),
    )
    .addOption(
      new Option('--history', 'look for secrets in every line that a commit has added')
        .default(false)
        .conflicts(['values', 'remote', 'staged', 'sarif']),
    )
    .option('--commits <number>', 'how many commits --history looks at, the newest first', '5000')
    .addOption(
      new Option('--install-hook', 'have git run check --staged before each commit')
        .default(false)
        .conflicts(['values', 'remote', 'staged', 'sarif', 'history']),
    )
    .addOption(
      new Option('--uninstall-hook', 'take that away again')
        .default(false)
        .conflicts(['values', 'remote', 'staged', 'sarif', 'history', 'installHook']),
    )
    .option('--remote', 'look at the server and at DNS too; --server names another one', false)
    .option('--sarif <file>', 'write the findings to a file in the form that code hosts read')
    .addHelpText(
      'after',
      `
Looks at zarpe.yml, the Compose files, Dockerfiles, the contract, the values and what git keeps, for every
environment (or the one named with --env). docs/reference/rules.md lists what it looks for.
Exits 0 when nothing would fail, 3 when there is an error (with --strict: or a warning), 4 when all
that is wrong is a server that cannot be reached.

Examples:
  zarpe check
  zarpe check --env staging --strict
  zarpe check --remote                           # before a first deploy
  zarpe check --no-values --sarif zarpe.sarif    # in CI
  zarpe check --install-hook                     # secrets are found before they are committed
  zarpe check --history                          # and those that were committed before that`,
    )
    .action(
      action(async (context, options: CheckOptions) => {
        if (options.installHook || options.uninstallHook) {
          const { changeHook } = await import('./hook/hook.command.ts')
          return changeHook(context, options.installHook)
        }
        // Its rules and the parser of Dockerfiles are loaded by nobody else.
        const { performCheck } = await import('./perform.command.ts')
        await performCheck(context, options)
      }),
    )
}
