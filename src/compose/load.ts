import { run } from '../io/host/process.ts'
import { Problem, Problems } from '../problem/problem.ts'
import type { ComposeProject } from './model.ts'

/**
 * Merges and interpolates Compose files with `docker compose config`, the reference for both. Only
 * `values` can be interpolated, never this process's own environment beyond what docker itself needs.
 */
export const loadCompose = async (
  folder: string,
  files: string[],
  values: Record<string, string>,
): Promise<ComposeProject> => {
  const own = ['PATH', 'HOME', 'DOCKER_CONFIG', 'DOCKER_HOST', 'DOCKER_CONTEXT']
  const environment = Object.fromEntries(own.map((name) => [name, process.env[name]]))
  const argv = [
    'compose',
    ...['--project-directory', folder, '--env-file', '/dev/null'],
    ...files.flatMap((file) => ['-f', file]),
    ...['config', '--format', 'json'],
  ]
  const result = await run('docker', argv, {
    cwd: folder,
    env: { ...values, ...environment },
    limitMs: 60_000,
  })
  if (result.code !== 0) throw refusedBy(result.stderr, files)
  const unset = unsetVariables(result.stderr)
  if (unset.length > 0) throw unsetProblem(unset)
  return JSON.parse(result.stdout) as ComposeProject
}

/** Compose would go on with an empty value, which is found out in production at the latest. */
const unsetProblem = (names: string[]) =>
  new Problems(
    names.map((name) => ({
      code: 'compose/unset-variable',
      summary: 'The Compose file uses a variable that has no value.',
      detail: `\`${name}\` has no value in this environment, so Compose would use an empty text.`,
      fix: [`Add it to the environment's file: ${name}=…`, `Or give it a default: \${${name}:-…}`],
    })),
  )

const refusedBy = (stderr: string, files: string[]) => {
  const missing = /is not a docker command|unknown docker command|unknown shorthand flag/.test(
    stderr,
  )
  return new Problem({
    code: missing ? 'compose/missing' : 'compose/refused',
    summary: missing
      ? 'The compose plugin of docker is missing.'
      : 'Docker Compose refuses the file.',
    detail: missing
      ? 'Zarpe reads Compose files with `docker compose config`, which is not installed here.'
      : stderr.trim().split('\n').slice(-3).join(' '),
    fix: missing
      ? ['apt-get install docker-compose-plugin    # or docker-compose on Debian 13']
      : [`docker compose ${files.map((file) => `-f ${file}`).join(' ')} config`],
  })
}

/** Compose warns of them on stderr, once for each use. */
const unsetVariables = (stderr: string): string[] => [
  ...new Set(
    [...stderr.matchAll(/The "?\\?"?([A-Za-z_]\w*)\\?"? variable is not set/g)].map(
      (match) => match[1]!,
    ),
  ),
]
