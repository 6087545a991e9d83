import { spawn } from 'node:child_process'
import { type Command, Option } from 'commander'
import { confirm } from '../cli/confirm.ts'
import { action, type Context } from '../cli/context.ts'
import { tableLines } from '../cli/table.ts'
import { Problem } from '../problem/problem.ts'
import { type VpsImage, vpsImages } from './images/images.ts'
import { sshConfigFile } from './keys.ts'
import { labDown, labUp } from './lab.ts'
import { down, list, sshTarget, up } from './vps.ts'

const nameDefault = 'vps1'

/** `zarpe lab up | down | list | ssh`: practice servers on this machine. */
export const addLab = (program: Command) => {
  const lab = program
    .command('lab')
    .description('practice servers in containers on this machine: break them at will')
    .addHelpText(
      'after',
      `
A server of the lab is a whole Debian with systemd, sshd and an address. Zarpe reaches it by
its name when told to use the lab's SSH configuration.

Examples:
  zarpe lab up
  export ZARPE_SSH_CONFIG=$HOME/.cache/zarpe/lab/ssh_config
  zarpe setup root@${nameDefault}
  zarpe --server deploy@${nameDefault} deploy --no-routes   # no authority gives certificates for its names`,
    )
  addUp(lab)
  addDown(lab)
  addList(lab)
  addSsh(lab)
}

const addUp = (lab: Command) => {
  lab
    .command('up')
    .argument('[name]', 'name of the server', nameDefault)
    .addOption(
      new Option('--image <image>', 'what the hoster put on it')
        .choices([...vpsImages])
        .default('debian-13')
        .env('ZARPE_LAB_IMAGE'),
    )
    .option('--ready', 'also run `zarpe setup` on it', false)
    .description('bring up a server; the first one takes minutes, the next ones seconds')
    .addHelpText(
      'after',
      '\nExamples:\n  zarpe lab up\n  zarpe lab up vps2 --image debian-12 --ready',
    )
    .action(
      action(async (context, name: string, options: { image: VpsImage; ready: boolean }) => {
        const report = (text: string) => {
          context.terminal.emit({ type: 'lab', text })
          context.terminal.say(`  ${text} …`)
        }
        await labUp(report)
        const server = await up({ name, image: options.image }, report)
        if (options.ready) await setUp(context, name)
        tellUp(context, server, options.ready)
      }),
    )
}

/** The same program again, as a user would run it. */
const setUp = async (context: Context, name: string) => {
  const flags = context.options.json ? ['--json', '--yes'] : ['--yes']
  const argv = [process.argv[1]!, ...flags, 'setup', `root@${name}`]
  const code = await attached(process.execPath, argv, {
    ...process.env,
    ZARPE_SSH_CONFIG: sshConfigFile(),
  })
  if (code === 0) return
  throw new Problem({
    code: 'lab/not-ready',
    summary: 'The server is up, but its set-up failed.',
    detail: `\`zarpe setup root@${name}\` exited ${code}; what it said is above.`,
    fix: [`ZARPE_SSH_CONFIG=${sshConfigFile()} zarpe setup root@${name}`],
  })
}

const tellUp = (
  { terminal }: Context,
  server: { name: string; address: string },
  ready: boolean,
) => {
  const { name, address } = server
  const sshConfig = sshConfigFile()
  terminal.emit({ type: 'result', outcome: 'up', name, address, ready, sshConfig })
  terminal.say(`${terminal.good('✓')} ${name} is up at ${address}`)
  terminal.say(`  export ZARPE_SSH_CONFIG=${sshConfig}`)
  if (!ready) terminal.say(`  zarpe setup root@${name}`)
  terminal.say(`  zarpe --server deploy@${name} deploy`)
}

const addDown = (lab: Command) => {
  lab
    .command('down')
    .argument('[name]', 'name of the server (default: all of them, and what serves them)')
    .option('--all', 'also the images and the lab’s folder: everything the lab brought', false)
    .description('remove a server and its disks, or the whole lab')
    .addHelpText('after', '\nExamples:\n  zarpe lab down vps2\n  zarpe lab down --all --yes')
    .action(
      action(async (context, name: string | undefined, options: { all: boolean }) => {
        if (name === undefined) await downAll(context, options.all)
        else {
          // Tells whether there is such a server.
          await sshTarget(name)
          await confirm(context, `Remove ${name} and its disks?`)
          await down(name)
        }
        context.terminal.emit({ type: 'result', outcome: 'down', name: name ?? null })
        context.terminal.say(`${context.terminal.good('✓')} ${name ?? 'the lab'} is gone`)
      }),
    )
}

const downAll = async (context: Context, all: boolean) => {
  const names = (await list()).map((server) => server.name).join(', ')
  await confirm(context, `Remove the lab with all its servers (${names || 'none'})?`)
  await labDown({ all }, (text) => context.terminal.say(`  ${text} …`))
}

const addList = (lab: Command) => {
  lab
    .command('list')
    .description('the servers of the lab')
    .addHelpText('after', '\nExamples:\n  zarpe lab list\n  zarpe lab list --json')
    .action(
      action(async ({ terminal }) => {
        const servers = await list()
        for (const server of servers) terminal.emit({ type: 'server', ...server })
        const rows = servers.map(({ name, address, image, state }) => [name, address, image, state])
        for (const line of tableLines(['name', 'address', 'image', 'state'], rows))
          terminal.print(line)
        terminal.emit({ type: 'result', outcome: 'listed', servers: servers.length })
        if (servers.length === 0) terminal.say('The lab has no servers. To get one: zarpe lab up')
      }),
    )
}

const addSsh = (lab: Command) => {
  lab
    .command('ssh')
    .argument('<name>', 'name of the server')
    .argument('[command...]', 'a command; put -- before it')
    .description('log in to a server as root, or run a command on it, as ssh does')
    .addHelpText(
      'after',
      '\nExits with the code of the command.\n\nExamples:\n  zarpe lab ssh vps1\n  zarpe lab ssh vps1 -- docker ps',
    )
    .action(
      action(async (_context, name: string, command: string[]) => {
        const { configFile, host } = await sshTarget(name)
        process.exitCode = await attached('ssh', ['-F', configFile, '--', host, ...command])
      }),
    )
}

/** Runs a program on this terminal, with its own streams, and answers its exit code. */
const attached = (file: string, argv: string[], env = process.env): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(file, argv, { stdio: 'inherit', env })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 137))
  })
