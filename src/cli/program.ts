import { Command, Option } from 'commander'
import { version } from '../agent/build.ts'
import { addInit } from '../config/init.command.ts'
import { addConsole } from '../console/console.command.ts'
import { addLogs } from '../observe/logs/logs.command.ts'
import { addStatus } from '../observe/status/status.command.ts'
import { addDeploy } from '../release/deploy.command.ts'
import { addReleases } from '../release/releases.command.ts'
import { addRollback } from '../release/rollback.command.ts'
import { addScale } from '../release/scale.command.ts'
import { addSetup } from '../server/setup.command.ts'

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
    .showHelpAfterError('(zarpe --help lists the verbs)')
    .configureHelp({ sortSubcommands: false })
  for (const add of [
    addInit,
    addSetup,
    addDeploy,
    addRollback,
    addReleases,
    addStatus,
    addLogs,
    addConsole,
    addScale,
  ])
    add(command)
  return command
}
