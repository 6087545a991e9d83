import type { Command } from 'commander'
import { action } from '../cli/context.ts'
import { checkCompose, noServices } from '../compose/check.ts'
import { createExclusive, namesIn, statOf, within } from '../io/host/files/durable.ts'
import { readOwnedText } from '../io/host/files/owned.ts'
import { Problem, Problems } from '../problem/problem.ts'
import { type Found, initialConfig } from './init.render.ts'
import { locate } from './places.ts'

const composeNames = ['compose.yml', 'compose.yaml', 'docker-compose.yml', 'docker-compose.yaml']
/** Entries of one folder that are looked into, in search of a Compose file. */
const foldersMax = 50

/** `zarpe init`. */
export const addInit = (program: Command) => {
  program
    .command('init')
    .description('look at the folder and write a commented zarpe.yml')
    .option(
      '--from <files...>',
      'take over a project that runs already: its Compose files, in the order in which they are merged',
    )
    .addHelpText(
      'after',
      `
Writes nothing if there is a zarpe.yml already, and never changes a file that is there.
With --from the files are merged with \`docker compose config\`, and the proxies among the services (a
Caddyfile, nginx, the labels of Traefik) become routes where they can be understood. What cannot be
carried over is told with its place and the reason. Beside zarpe.yml it writes a first .env.schema, and
compose.zarpe.yml if something must be taken away from the Compose files.

Examples:
  cd my-product && zarpe init
  zarpe init --from docker-compose.yml docker-compose.prod.yml`,
    )
    .action(
      action(async (context, { from }: { from?: string[] }) => {
        if (from !== undefined) {
          const { adopt } = await import('../adopt/adopt.command.ts')
          return adopt(context, from)
        }
        const { found, notes } = await lookAt(context.folder)
        const path = within(context.folder, 'zarpe.yml')
        if (!(await createExclusive(path, initialConfig(found), 0o644))) throw exists()
        const { terminal } = context
        const count = found.services.length
        terminal.emit({ type: 'result', outcome: 'written', file: 'zarpe.yml', ...found, notes })
        terminal.say(
          `${terminal.good('✓')} zarpe.yml written for ${count} ${count === 1 ? 'service' : 'services'} of ${found.compose.join(', ')}`,
        )
        for (const note of notes) terminal.say(terminal.dim(`  note: ${note}`))
        terminal.say('  Put in your server and domain, then: zarpe check')
        terminal.say('  Then: zarpe setup root@<server> && zarpe deploy')
      }),
    )
}

const lookAt = async (folder: string) => {
  const names = await namesIn(folder)
  const compose = composeNames.find((name) => names.includes(name))
  if (!compose) throw noCompose(folder, names, await composeFoldersBelow(folder))
  const located = locate(compose, (await readOwnedText(within(folder, compose))) ?? '')
  const { problems } = checkCompose(located)
  const unreadable = problems.filter(({ code }) => /^compose\/(not-yaml|empty)$/.test(code))
  if (unreadable.length > 0) throw new Problems(unreadable)
  const value = located.value as { name?: unknown; services?: Record<string, unknown> | null }
  const services = Object.entries(value.services ?? {})
  if (services.length === 0) throw new Problem(noServices(located))
  const found: Found = {
    app: appName(typeof value.name === 'string' ? value.name : folder),
    compose: [compose],
    services: services.map(([name, service]) => ({ name, port: portOf(service) })),
    environmentFiles: names.filter((name) =>
      /^\.env\.(?!(example|sample|template|dist|schema)$)[a-z]+$/.test(name),
    ),
    adopted: null,
  }
  return { found, notes: notesOn(found, names) }
}

/** What somebody who comes from `docker compose up` would take for granted. */
const notesOn = (
  { compose: [compose = ''], environmentFiles }: Found,
  names: string[],
): string[] => {
  const override = names.find((name) => /^(docker-)?compose\.override\.ya?ml$/.test(name))
  return [
    ...(override
      ? [
          `${override} is not taken; if production needs it, remove zarpe.yml and: zarpe init --from ${compose} ${override}`,
        ]
      : []),
    ...(names.includes('.env') && !environmentFiles.includes('.env.production')
      ? [
          '.env is not read; if it has the values of production: cp .env .env.production && chmod 600 .env.production',
        ]
      : []),
  ]
}

/** Folders of a monorepo that have a Compose file, two levels down at most. */
const composeFoldersBelow = async (folder: string): Promise<string[]> => {
  const found: string[] = []
  const look = async (below: string, depth: number) => {
    const names = (await namesIn(within(folder, below))).filter(
      (name) => !/^(\.|node_modules$)/.test(name),
    )
    if (names.some((name) => composeNames.includes(name))) found.push(below)
    else if (depth > 0)
      for (const name of names.slice(0, foldersMax))
        if ((await statOf(within(folder, `${below}/${name}`)))?.isDirectory())
          await look(`${below}/${name}`, depth - 1)
  }
  await look('.', 2)
  return found.map((each) => each.replace(/^\.\//, ''))
}

/** A name that zarpe.yml takes, from that of a folder or a project. */
export const appName = (path: string) =>
  (path.split('/').at(-1) ?? 'app')
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 31)
    .replace(/-+$/, '') || 'app'

/** The container's own port, from `ports` or `expose`; null if the file does not tell. */
const portOf = (service: unknown): number | null => {
  const { ports, expose } = (service ?? {}) as { ports?: unknown[]; expose?: unknown[] }
  const first = ports?.[0] ?? expose?.[0]
  if (typeof first === 'number') return first
  if (typeof first === 'object' && first !== null)
    return Number((first as { target?: number }).target) || null
  const match = /(\d+)(?:\/\w+)?$/.exec(typeof first === 'string' ? first : '')
  return match ? Number(match[1]) : null
}

const firstCompose =
  'services:\\n  web:\\n    build: .\\n    healthcheck:\\n      test: ["CMD", "true"]\\n'

const noCompose = (folder: string, names: string[], below: string[]) =>
  new Problem({
    code: 'config/no-compose',
    summary: 'There is no Compose file here.',
    detail: names.includes('Dockerfile')
      ? 'There is a Dockerfile, but Zarpe reads what to run from a Compose file.'
      : `None of ${composeNames.join(', ')} is in ${folder}.`,
    fix:
      below.length > 0
        ? below.map((each) => `zarpe -C ${within(folder, each)} init`)
        : [
            `printf '${firstCompose}' > ${within(folder, 'compose.yml')}    # then name its real health check`,
            'zarpe init',
          ],
  })

/** Said instead of touching a zarpe.yml that is there. */
export const exists = () =>
  new Problem({
    code: 'config/exists',
    summary: 'There is a zarpe.yml already; it was not touched.',
    detail: 'init only writes a first one.',
    fix: ['zarpe check'],
  })
