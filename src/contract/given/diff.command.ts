import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { loadApp, loadConfig, loadInputs } from '../../app/app.load.ts'
import { action, type Context } from '../../cli/context.ts'
import { exitCodes } from '../../cli/exit.ts'
import { tableLines } from '../../cli/table.ts'
import { Problem, Problems } from '../../problem/problem.ts'
import { nothingReleased } from '../../release/problems.ts'
import { withServer } from '../../release/session.command.ts'
import { compare, type Difference, fingerprintsOf, keyBytes } from './fingerprint.ts'
import { fingerprintEnvironment } from '../methods.ts'
import { defaultsOf } from '../resolve.ts'
import { isSecretName } from '../../check/secrets/secrets.ts'

type Options = { running: boolean }

/** `zarpe env diff`. */
export const addEnvDiff = (env: Command) => {
  env
    .command('diff')
    .argument('[left]', 'an environment')
    .argument('[right]', 'the one to compare it with')
    .option('--running', 'compare with what the release on the server was given', false)
    .description('compare two environments, or this folder and the server, without showing a value')
    .addHelpText(
      'after',
      `
Two environments: exits 1 if a variable is in one of them only, since values are meant to differ.
With --running the services are compared one by one by fingerprints under a key that is made for the
question; exits 1 if anything differs, which the next deploy would change.

Examples:
  zarpe env diff staging production
  zarpe env diff --running --env production`,
    )
    .action(
      action(
        async (context, left: string | undefined, right: string | undefined, options: Options) => {
          if (options.running) await diffRunning(context, left, right)
          else await diffEnvironments(context, left, right)
        },
      ),
    )
}

const diffEnvironments = async (
  context: Context,
  left: string | undefined,
  right: string | undefined,
) => {
  const { config } = await loadConfig(context.folder)
  const names = Object.keys(config.environments)
  const [one, two] = left === undefined && names.length === 2 ? names : [left, right]
  if (one === undefined || two === undefined) throw whichTwo(names)
  const sides = [await sideOf(context, one), await sideOf(context, two)]
  const all = compare(sides[0]!.values, sides[1]!.values)
  const secrets = new Set(sides.flatMap(({ sensitive }) => sensitive))
  const rows = all.map((each) => ({ ...each, sensitive: secrets.has(each.name) }))
  const { terminal } = context
  for (const row of rows) terminal.emit({ type: 'variable', ...row })
  const lines = tableLines(
    ['variable', one, two, 'values'],
    rows.map(({ name, state, sensitive }) => [
      name,
      state === 'only-right' ? '–' : 'set',
      state === 'only-left' ? '–' : 'set',
      state === 'same' && sensitive
        ? 'the same secret in both'
        : ({ same: 'same', differs: 'differ' }[state as string] ?? ''),
    ]),
  )
  for (const line of lines) terminal.print(line)
  finish(context, rows, (state) => state.startsWith('only'))
}

const sideOf = async (context: Context, name: string) => {
  const { environment, contract } = await loadInputs(context.folder, name)
  const mistakes = [...environment.problems, ...contract.problems]
  if (mistakes.length > 0) throw new Problems(mistakes)
  const set = { ...defaultsOf(contract.contract, environment.values, name), ...environment.values }
  // An empty value is none, here as everywhere.
  const values = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== ''))
  const declared = contract.contract.variables
  const sensitive = Object.keys(values).filter(
    (each) => declared.find((variable) => variable.name === each)?.sensitive ?? isSecretName(each),
  )
  return { values, sensitive }
}

const diffRunning = async (
  context: Context,
  environment: string | undefined,
  other: string | undefined,
) => {
  if (other !== undefined) throw oneOnly()
  const chosen = environment ?? context.options.env
  const options = { ...context.options, ...(chosen === undefined ? {} : { env: chosen }) }
  const { app } = await loadApp(context.folder, chosen)
  await withServer({ ...context, options }, async ({ connection, project, title }) => {
    const key = randomBytes(keyBytes)
    const given = await connection.wire.call(fingerprintEnvironment, {
      project,
      key: key.toString('base64'),
    })
    if (given.release === null) throw nothingRuns(title)
    const mine = Object.fromEntries(
      app.services.map(({ name, container }) => [name, fingerprintsOf(key, container.environment)]),
    )
    const services = [...new Set([...Object.keys(mine), ...Object.keys(given.services)])].toSorted()
    const rows = services.flatMap((service) =>
      compare(mine[service] ?? {}, given.services[service] ?? {}).map((each) => ({
        service,
        ...each,
      })),
    )
    tellRunning(context, rows, given.release)
    finish(context, rows, (state) => state !== 'same')
  })
}

const words: Record<Difference['state'], string> = {
  same: 'same',
  differs: 'differs',
  'only-left': 'only here',
  'only-right': 'only on the server',
}

const tellRunning = (
  { terminal }: Context,
  rows: (Difference & { service: string })[],
  release: number,
) => {
  for (const row of rows) terminal.emit({ type: 'variable', ...row })
  const changed = rows.filter(({ state }) => state !== 'same')
  const cells = changed.map(({ service, name, state }) => [service, name, words[state]])
  for (const line of tableLines(['service', 'variable', `release ${release}`], cells))
    terminal.print(line)
}

const finish = (
  { terminal }: Context,
  rows: Difference[],
  counts: (state: Difference['state']) => boolean,
) => {
  const count = rows.filter(({ state }) => counts(state)).length
  terminal.emit({ type: 'result', outcome: count > 0 ? 'different' : 'equal', count })
  if (count > 0) process.exitCode = exitCodes.failed
  else
    terminal.say(
      `${terminal.good('✓')} ${rows.length} ${rows.length === 1 ? 'variable' : 'variables'} compared; nothing is missing or out of date`,
    )
}

const whichTwo = (names: string[]) =>
  new Problem({
    code: 'config/which-environment',
    summary: 'It is not clear which environment is meant.',
    detail: `Two are needed to compare; zarpe.yml has: ${names.join(', ')}.`,
    fix: [`zarpe env diff ${names[0]} ${names[1] ?? '<another>'}`, 'zarpe env diff --running'],
  })

const oneOnly = () =>
  new Problem({
    code: 'config/which-environment',
    summary: 'It is not clear which environment is meant.',
    detail: 'With --running one environment is compared with its server.',
    fix: ['zarpe env diff production --running'],
  })

export const nothingRuns = (title: string) =>
  nothingReleased(`${title} has no release that could have been given values.`, 'zarpe deploy')
