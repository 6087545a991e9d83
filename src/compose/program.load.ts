import { homedir } from 'node:os'
import { join } from 'node:path'
import { isProgram, programPath } from '../io/host/processes/program.ts'

/** Where docker looks for its plugins, in its own order. */
const pluginFolders = (config: string) => [
  join(config, 'cli-plugins'),
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
]

/**
 * The program and first words that mean `docker compose`. The plugin is called by itself where docker
 * would find it, since it is a whole program and docker before it takes as long again; from elsewhere
 * docker knows the way.
 */
export const composeProgram = async (): Promise<{ program: string; argv: string[] }> => {
  const config = process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker')
  for (const folder of pluginFolders(config)) {
    const program = join(folder, 'docker-compose')
    if (await isProgram(program)) return { program, argv: [] }
  }
  return { program: await programPath('docker'), argv: ['--config', config, 'compose'] }
}
