import { Command, Option } from 'commander'
import { version } from '../agent/build.ts'
import { exitCodes } from './exit.ts'
import { addAlerts } from '../alerts/alerts.command.ts'
import { addCheck } from '../check/check.command.ts'
import { addInit } from '../config/init.command.ts'
import { addEnv } from '../contract/env.command.ts'
import { addConsole } from '../console/console.command.ts'
import { addBackup } from '../data/backup.command.ts'
import { addLab } from '../lab/lab.command.ts'
import { addLogs } from '../observe/logs/logs.command.ts'
import { addStatus } from '../observe/status/status.command.ts'
import { addCompletion } from './completion.command.ts'
import { addDeploy } from '../release/deploy/deploy.command.ts'
import { addReleases } from '../release/records/releases.command.ts'
import { addRemove } from '../release/remove/remove.command.ts'
import { addRollback } from '../release/rollback/rollback.command.ts'
import { addScale } from '../release/scale/scale.command.ts'
import { addSecrets } from '../secrets/secrets.command.ts'
import { addSetup } from '../server/setup/setup.command.ts'
import { addUninstall } from '../server/uninstall/uninstall.command.ts'

const programHelp = `
Examples:
  zarpe init                          # writes zarpe.yml for the Compose file that is here
  zarpe setup root@vps.example
  zarpe deploy
  zarpe status
  zarpe deploy --help`

/** The one table of verbs: each comes from the room it belongs to. */
export const program = () => {
  const command = new Command('zarpe')
    .description('From a bare VPS to proven production. Nothing goes live without clearance.')
    .version(version)
    .option('-C, --directory <folder>', 'folder with zarpe.yml', '.')
    .addOption(new Option('--env <name>', 'environment of zarpe.yml').env('ZARPE_ENV'))
    .addOption(
      new Option('--server <target>', 'another server than the environment’s').env('ZARPE_SERVER'),
    )
    .option('--json', 'one JSON object a line on stdout, for programs', false)
    .option('-y, --yes', 'do not ask', false)
    // Set before the verbs are added, which take it over.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exitCodes.ok : exitCodes.usage))
    .showHelpAfterError('(zarpe --help lists the verbs)')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
    .addHelpText('after', programHelp)
  for (const add of [
    addInit,
    addCheck,
    addSetup,
    addDeploy,
    addRollback,
    addReleases,
    addStatus,
    addLogs,
    addConsole,
    addScale,
    addEnv,
    addSecrets,
    addBackup,
    addAlerts,
    addLab,
    addRemove,
    addUninstall,
    addCompletion,
  ])
    add(command)
  for (const verb of command.commands) pointToHelp(verb, 'zarpe')
  return command
}

/** After a mistake in its arguments, a verb names its own help. */
const pointToHelp = (verb: Command, parent: string) => {
  const path = `${parent} ${verb.name()}`
  verb.showHelpAfterError(`(${path} --help shows how)`)
  for (const child of verb.commands) pointToHelp(child, path)
}
