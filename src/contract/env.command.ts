import type { Command } from 'commander'
import { addEnvInit } from './derive/derive.command.ts'
import { addEnvDiff } from './given/diff.command.ts'
import { addEnvGenerate } from './values/generate.command.ts'
import { addEnvPull } from './given/pull.command.ts'
import { addEnvSet } from './values/set.command.ts'
import { addEnvCheck } from './values/verify.command.ts'

/** `zarpe env …`: what the product's variables must be, and what they are. */
export const addEnv = (program: Command) => {
  const env = program
    .command('env')
    .description('the variables of an environment: check, make, compare, without showing a value')
    .addHelpText(
      'after',
      `
What each variable must be stands in .env.schema, which is committed; the values stand in
.env.<environment>, which is not.

Examples:
  zarpe env init
  zarpe env check --env production
  zarpe env generate
  zarpe env set SMTP_PASSWORD`,
    )
  addEnvInit(env)
  addEnvCheck(env)
  addEnvGenerate(env)
  addEnvSet(env)
  addEnvDiff(env)
  addEnvPull(env)
}
