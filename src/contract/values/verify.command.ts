import type { Command } from 'commander'
import { loadInputs } from '../../app/app.load.ts'
import { action, type Context } from '../../cli/context.ts'
import { loadCompose } from '../../compose/load.ts'
import { absolute } from '../../io/host/files/durable.ts'
import { Problem, type ProblemData, Problems, problemsOf } from '../../problem/problem.ts'
import { ignoredNotes } from '../contract.load.ts'
import { type CheckContext, checkContract, strayNames, withoutUnset } from '../check.ts'
import { contextOf } from '../context.ts'
import type { Contract } from '../model.ts'
import { defaultsOf, resolveContract } from '../resolve.ts'

/** `zarpe env check`. */
export const addEnvCheck = (env: Command) => {
  env
    .command('check')
    .description('check an environment’s values against .env.schema: everything wrong at once')
    .addHelpText(
      'after',
      `
Values are never shown. plan and deploy do the same before anything is built or sent.

Examples:
  zarpe env check
  zarpe env check --env staging --json`,
    )
    .action(action(checkEnvironment))
}

const checkEnvironment = async (context: Context) => {
  const inputs = await loadInputs(context.folder, context.options.env)
  const { config, name, files, environment, contract: parsed } = inputs
  if (!parsed.exists) throw noContract(context.folder)
  const { contract } = parsed
  const { compose, problems } = await mergeQuietly(context.folder, inputs)
  const against: CheckContext = contextOf(config, name, environment, compose, files)
  const all = [
    ...environment.problems,
    ...parsed.problems,
    ...checkContract(contract, environment.values, against),
    ...problems,
  ]
  const { terminal } = context
  const notes = [
    ...contract.notes,
    ...environment.notes,
    ...strayNames(contract, environment.values),
    ...(await ignoredNotes(context.folder)),
  ]
  for (const note of notes) {
    terminal.emit({ type: 'note', text: note })
    terminal.say(terminal.dim(`  note: ${note}`))
  }
  if (all.length > 0) throw new Problems(all)
  tell(context, contract, environment.values, name)
}

/** Compose's own mistakes must not hide those of the values; the rules upon services wait for it. */
const mergeQuietly = async (folder: string, inputs: Awaited<ReturnType<typeof loadInputs>>) => {
  const { name, sources, environment, contract } = inputs
  const values = {
    ...defaultsOf(contract.contract, environment.values, name),
    ...environment.values,
  }
  try {
    return { compose: await loadCompose(absolute(folder), sources, values, name), problems: [] }
  } catch (thrown) {
    const problems: ProblemData[] = problemsOf(thrown)
    if (problems.length === 0) throw thrown
    const missing = new Set(
      resolveContract(contract.contract, environment.values, name).flatMap((each) =>
        each.required && each.value === undefined ? [each.variable.name] : [],
      ),
    )
    // What the contract tells of is told once.
    return { compose: null, problems: withoutUnset(problems, missing) }
  }
}

const tell = (
  { terminal }: Context,
  contract: Contract,
  values: Record<string, string>,
  environment: string,
) => {
  const variables = resolveContract(contract, values, environment).map((each) => ({
    name: each.variable.name,
    type: each.use?.name ?? 'string',
    required: each.required,
    sensitive: each.variable.sensitive,
    from: each.value === undefined ? 'none' : each.isDefault ? 'default' : 'environment',
  }))
  const count = (from: string) => variables.filter((each) => each.from === from).length
  terminal.emit({ type: 'result', outcome: 'ok', environment, variables })
  terminal.say(
    `${terminal.good('✓')} ${environment}: ${variables.length} variables are as .env.schema says ${terminal.dim(
      `(${count('environment')} set, ${count('default')} by default, ${count('none')} optional and empty)`,
    )}`,
  )
}

export const noContract = (folder: string) =>
  new Problem({
    code: 'contract/missing',
    summary: 'There is no .env.schema here.',
    detail: `It would say what each variable must be; Zarpe looks for it in ${absolute(folder)}.`,
    fix: ['zarpe env init'],
  })
