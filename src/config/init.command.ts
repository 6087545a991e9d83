import type { Command } from 'commander'
import { action } from '../cli/context.ts'
import { createExclusive, namesIn, readText, within } from '../io/host/durable.ts'
import { Problem } from '../problem/problem.ts'
import { type Found, initialConfig } from './init.render.ts'
import { locate } from './places.ts'

const composeNames = ['compose.yml', 'compose.yaml', 'docker-compose.yml', 'docker-compose.yaml']

/** `zarpe init`. */
export const addInit = (program: Command) => {
  program
    .command('init')
    .description('look at the folder and write a commented zarpe.yml')
    .addHelpText(
      'after',
      '\nWrites nothing if there is a zarpe.yml already.\n\nExample:\n  cd my-product && zarpe init',
    )
    .action(
      action(async (context) => {
        const found = await lookAt(context.folder)
        const path = within(context.folder, 'zarpe.yml')
        if (!(await createExclusive(path, initialConfig(found), 0o644))) throw exists()
        const { terminal } = context
        terminal.emit({ type: 'result', outcome: 'written', file: 'zarpe.yml', ...found })
        terminal.say(
          `${terminal.good('✓')} zarpe.yml written for ${found.services.length || 'no'} services of ${found.compose}`,
        )
        terminal.say(
          '  Put in your server and domain, then: zarpe setup root@<server> && zarpe deploy',
        )
      }),
    )
}

const lookAt = async (folder: string): Promise<Found> => {
  const names = await namesIn(folder)
  const compose = composeNames.find((name) => names.includes(name))
  if (!compose) throw noCompose(names)
  const text = (await readText(within(folder, compose))) ?? ''
  const value = locate(compose, text).value as { services?: Record<string, unknown> } | null
  return {
    app: appName(folder),
    compose,
    services: Object.entries(value?.services ?? {}).map(([name, service]) => ({
      name,
      port: portOf(service),
    })),
    environmentFiles: names.filter((name) => /^\.env\.[a-z]+$/.test(name)),
  }
}

const appName = (folder: string) =>
  (folder.split('/').at(-1) ?? 'app')
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

const noCompose = (names: string[]) =>
  new Problem({
    code: 'config/no-compose',
    summary: 'There is no Compose file here.',
    detail: names.includes('Dockerfile')
      ? 'There is a Dockerfile, but Zarpe reads what to run from a Compose file.'
      : `None of ${composeNames.join(', ')} is in this folder.`,
    fix: [
      "printf 'services:\\n  web:\\n    build: .\\n    healthcheck:\\n      test: [CMD, true]\\n' > compose.yml    # then name its real health check",
      'zarpe init',
    ],
  })

const exists = () =>
  new Problem({
    code: 'config/exists',
    summary: 'There is a zarpe.yml already; it was not touched.',
    detail: 'init only writes a first one.',
    fix: ['zarpe plan'],
  })
