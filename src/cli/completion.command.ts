import type { Command } from 'commander'
import { Argument } from 'commander'
import { action } from './context.ts'
import { completionScript, type Place, shells } from './completion.ts'

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
        process.stdout.write(completionScript(shell, placesOf(program)))
      }),
    )
}

/** The whole tree of verbs, the program first, as a shell needs to know it. */
export const placesOf = (command: Command, parents: string[] = []): Place[] => [
  {
    path: parents.join(' '),
    description: command.description(),
    words: command.commands.map((child) => child.name()),
    options: command.options.flatMap(({ long, short, description, required, argChoices }) =>
      long
        ? [{ long, short, description, takes: required ? { choices: argChoices ?? [] } : null }]
        : [],
    ),
    choices: command.registeredArguments.map(({ argChoices }) => argChoices ?? []),
  },
  ...command.commands.flatMap((child) => placesOf(child, [...parents, child.name()])),
]
