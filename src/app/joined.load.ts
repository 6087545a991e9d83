import { alertsWanted } from '../alerts/wanted.ts'
import type { ComposeProject } from '../compose/model.ts'
import type { Located } from '../config/places.ts'
import type { Config } from '../config/schema.ts'
import { loadWritten } from '../data/wanted/configuration.load.ts'
import { dataWanted } from '../data/wanted/wanted.ts'
import type { ProblemData } from '../problem/problem.ts'
import { loadFileSecrets } from '../secrets/files.load.ts'
import { type EdgeFiles, edgeFileNames } from './edge-files.load.ts'
import type { App } from './model.ts'
import { resolveApp } from './resolve.ts'

/** What was read and merged of one environment. */
export type Read = {
  folder: string
  located: Located
  config: Config
  environment: string
  compose: ComposeProject
  files: Located[]
  values: Record<string, string>
  edgeFiles: EdgeFiles
}

/**
 * The app that zarpe.yml, the Compose files and the values make together, the files of secrets it
 * takes in, and what is wrong with those and with its data. What cannot be resolved is thrown.
 */
export const joinApp = async (
  read: Read,
): Promise<{ app: App; secretFiles: string[]; problems: ProblemData[] }> => {
  const { folder, located, config, environment, compose, files, values } = read
  const resolved = resolveApp(located, config, environment, compose, files, read.edgeFiles)
  const secrets = await loadFileSecrets(folder, compose, files, values)
  const { project } = resolved
  const written = config.backups.configuration
    ? await loadWritten(folder, environment, files, edgeFileNames(config))
    : []
  const data = dataWanted({ located, config, project, values, compose, environment, written })
  const alerts = alertsWanted({ located, config, project, values, environment })
  return {
    app: {
      ...resolved,
      secrets: secrets.contents,
      data: data.settings,
      alerts: alerts.settings,
      provision: data.provision,
    },
    secretFiles: secrets.files,
    problems: [...secrets.problems, ...data.problems, ...alerts.problems],
  }
}
