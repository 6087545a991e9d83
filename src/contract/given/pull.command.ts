import type { Command } from 'commander'
import { loadConfig } from '../../app/app.load.ts'
import { chosenEnvironment } from '../../app/environment.ts'
import { confirm } from '../../cli/confirm.ts'
import { action, type Context } from '../../cli/context.ts'
import { createDurable, statOf, within } from '../../io/host/files/durable.ts'
import { Problem } from '../../problem/problem.ts'
import { unknownService } from '../../release/problems.ts'
import { withServer } from '../../release/session.command.ts'
import { isUnignored } from '../../secrets/exposure.load.ts'
import { nothingRuns } from './diff.command.ts'
import { type ByService, readEnvironment } from '../methods.ts'
import { pulledFile } from './pulled.render.ts'

type Options = { service?: string }

/** `zarpe env pull`. */
export const addEnvPull = (env: Command) => {
  env
    .command('pull')
    .argument('[file]', 'where to write; .env.<environment>.pulled unless said')
    .option('--service <name>', 'only what this service was given')
    .description('fetch what the running release was given into a file of this machine')
    .addHelpText(
      'after',
      `
For the day when the file was lost, or was edited on the server by hand. The file is readable by its owner
alone, nothing is shown, and a file that exists is not replaced.

Examples:
  zarpe env pull
  zarpe env pull web.env --service web --yes`,
    )
    .action(action(pull))
}

const pull = async (context: Context, named: string | undefined, options: Options) => {
  const { config } = await loadConfig(context.folder)
  const environment = chosenEnvironment(config, context.options.env)
  const file = named ?? `.env.${environment}.pulled`
  const path = within(context.folder, file)
  if ((await statOf(path)) !== null) throw exists(file)
  await refuseUnignored(context.folder, file)
  await withServer(context, async ({ connection, project, title }) => {
    await confirm(context, `Write the values of ${title}, secrets too, into ${file} here?`)
    const given = await connection.wire.call(readEnvironment, { project })
    if (given.release === null) throw nothingRuns(title)
    const services = chosenServices(given.services, options.service)
    const pulled = pulledFile(`release ${given.release} of ${title}`, services)
    if (!(await createDurable(path, pulled.text))) throw exists(file)
    const { terminal } = context
    terminal.emit({
      type: 'result',
      outcome: 'pulled',
      file,
      release: given.release,
      count: pulled.count,
      conflicts: pulled.conflicts,
    })
    terminal.say(`${terminal.good('✓')} ${pulled.count} values of ${title} written into ${file}`)
    for (const { name, services: of } of pulled.conflicts)
      terminal.say(`  left out: ${name} differs between ${of.join(', ')}: --service <name>`)
  })
}

const chosenServices = (services: ByService, wanted: string | undefined): ByService => {
  if (wanted === undefined) return services
  const one = services[wanted]
  if (one) return { [wanted]: one }
  throw unknownService(wanted, Object.keys(services))
}

const refuseUnignored = async (folder: string, file: string) => {
  if (await isUnignored(folder, file))
    throw new Problem({
      code: 'contract/not-ignored',
      summary: 'Git would take a file of secrets.',
      detail: `${file} would hold the values of a release, and .gitignore does not name it.`,
      fix: [`echo '${file.replaceAll("'", '')}' >> .gitignore`],
    })
}

const exists = (file: string) =>
  new Problem({
    code: 'contract/file-exists',
    summary: 'The file exists already; it was not touched.',
    detail: `${file} may hold values that are nowhere else.`,
    fix: ['Name another: zarpe env pull <file>'],
  })
