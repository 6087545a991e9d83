import type { Command } from 'commander'
import { loadConfig } from '../app/app.load.ts'
import { chosenEnvironment } from '../app/environment.ts'
import { action } from '../cli/context.ts'
import { tableLines } from '../cli/table.ts'
import { Problems } from '../problem/problem.ts'
import { loadEnvironment } from './environment.load.ts'

/** `zarpe secrets list`. */
export const addList = (secrets: Command) => {
  secrets
    .command('list')
    .description('list the names of all values and the source of each; never a value')
    .addHelpText('after', '\nExamples:\n  zarpe secrets list\n  zarpe --env staging secrets list')
    .action(
      action(async ({ terminal, folder, options }) => {
        const { config, located } = await loadConfig(folder)
        const name = chosenEnvironment(config, options.env)
        const loaded = await loadEnvironment(folder, name, config.environments[name]!, located)
        const found = Object.entries(loaded.sources).toSorted(([left], [right]) =>
          left < right ? -1 : 1,
        )
        for (const [variable, [from, ...also]] of found)
          terminal.emit({ type: 'value', name: variable, from, also })
        const rows = found.map(([variable, [from = '', ...also]]) => [
          variable,
          from,
          also.join(', ') || '–',
        ])
        for (const line of tableLines(['name', 'from', 'not from'], rows)) terminal.print(line)
        // What could be read was shown; what is wrong with the rest decides the exit code.
        if (loaded.problems.length > 0) throw new Problems(loaded.problems)
        terminal.emit({ type: 'result', outcome: 'listed', environment: name, count: found.length })
        if (found.length === 0)
          terminal.say(`${name} has no values yet. To set one: zarpe secrets set <NAME>`)
      }),
    )
}
