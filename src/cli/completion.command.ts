import type { Command } from 'commander'
import { Argument } from 'commander'
import { action } from './context.ts'
import { completionScript, shells, type Verb } from './completion.ts'

/** `zarpe completion <shell>`. */
export const addCompletion = (program: Command) => {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'your shell').choices(shells))
    .description('print a script that completes verbs and options')
    .addHelpText(
      'after',
      `
Examples:
  zarpe completion bash > /etc/bash_completion.d/zarpe
  zarpe completion zsh > "\${fpath[1]}/_zarpe"
  zarpe completion fish > ~/.config/fish/completions/zarpe.fish`,
    )
    .action(
      action(async (_context, shell: (typeof shells)[number]) => {
        process.stdout.write(completionScript(shell, optionsOf(program), verbsOf(program)))
      }),
    )
}

const verbsOf = (program: Command): Verb[] =>
  program.commands.map((verb) => ({
    name: verb.name(),
    description: verb.description(),
    words: [...verb.commands.map((child) => child.name()), ...optionsOf(verb)],
  }))

const optionsOf = (command: Command) =>
  command.options.flatMap((option) => (option.long ? [option.long] : []))
