import { randomBytes } from 'node:crypto'
import { namesIn, readText, removePath, within, writeDurable } from '../io/host/durable.ts'
import { edgePaths } from './caddy/render.ts'
import type { ConfiguredApp, EdgeSettings } from './model.ts'

/** Projects become file names here. */
const projectPattern = /^[a-z0-9][a-z0-9_-]{0,62}$/

/** What the edge's folder says: one file for each application, and the settings of the whole. */
export const readEdgeFiles = async (folder: string) => {
  const paths = edgePaths(folder)
  const names = (await namesIn(paths.apps)).filter((name) => name.endsWith('.json'))
  const apps = await Promise.all(
    names.map(
      async (name) => JSON.parse((await readText(within(paths.apps, name)))!) as ConfiguredApp,
    ),
  )
  const settings = await readText(paths.settings)
  return { apps, settings: (settings ? JSON.parse(settings) : {}) as EdgeSettings }
}

/** Writes (or with null removes) one application's file. */
export const writeApp = async (folder: string, project: string, app: ConfiguredApp | null) => {
  const path = within(edgePaths(folder).apps, `${checked(project)}.json`)
  if (app) await writeIfNew(path, `${JSON.stringify(app, null, 2)}\n`)
  else await removePath(path)
}

/** Writes the settings, and the root that Caddy reads from a file. */
export const writeSettings = async (folder: string, settings: EdgeSettings) => {
  await writeIfNew(edgePaths(folder).settings, `${JSON.stringify(settings, null, 2)}\n`)
  await writeRoot(folder, settings)
}

/** Caddy reads this file when it loads a configuration, so it is written before. */
export const writeRoot = async (folder: string, settings: EdgeSettings) => {
  if (settings.acmeRoot) {
    await writeIfNew(edgePaths(folder).acmeRoot(settings.acmeRoot), settings.acmeRoot)
  }
}

/** The secret by which the edge knows a question of ours; made once for a server. */
export const probeToken = async (folder: string): Promise<string> => {
  const path = edgePaths(folder).token
  const present = await readText(path)
  if (present) return present.trim()
  const token = randomBytes(24).toString('base64url')
  await writeDurable(path, `${token}\n`, 0o600)
  return token
}

/** Writes a file unless it says the same already. */
export const writeIfNew = async (path: string, content: string) => {
  if ((await readText(path)) !== content) await writeDurable(path, content, 0o600)
}

const checked = (project: string) => {
  if (!projectPattern.test(project)) throw new Error(`Bug in Zarpe: project name "${project}"`)
  return project
}
