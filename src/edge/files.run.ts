import { randomBytes } from 'node:crypto'
import { namesIn, readText, removePath, within, writeDurable } from '../io/host/files/durable.ts'
import { edgePaths } from './caddy/render.ts'
import type { ConfiguredApp, EdgeSettings } from './model.ts'

/** Projects become file names here. */
const projectPattern = /^[a-z0-9][a-z0-9_-]{0,62}$/

/** What the edge's folder says: one file for each application, of which one may go just now. */
export const readApps = async (folder: string): Promise<ConfiguredApp[]> => {
  const paths = edgePaths(folder)
  const names = (await namesIn(paths.apps)).filter((name) => name.endsWith('.json'))
  const former = await formerSettings(folder)
  const texts = await Promise.all(names.map((name) => readText(within(paths.apps, name))))
  return texts
    .filter((text) => text !== null)
    .map((text) => ({ settings: former, ...(JSON.parse(text) as WrittenApp) }))
}

type WrittenApp = Omit<ConfiguredApp, 'settings'> & Partial<Pick<ConfiguredApp, 'settings'>>

/** What goes for apps whose files say nothing of settings: former versions kept one set for all. */
const formerSettings = async (folder: string): Promise<EdgeSettings> =>
  JSON.parse((await readText(edgePaths(folder).settings)) ?? '{}') as EdgeSettings

/** Gives each app its own settings where a former version kept one set for all. */
export const partSettings = async (folder: string, apps: ConfiguredApp[]): Promise<void> => {
  for (const app of apps) await writeApp(folder, app.project, app)
  await removePath(edgePaths(folder).settings)
}

/** Writes (or with null removes) one application's file. */
export const writeApp = async (folder: string, project: string, app: ConfiguredApp | null) => {
  const path = within(edgePaths(folder).apps, `${checked(project)}.json`)
  if (app) await writeIfNew(path, `${JSON.stringify(app, null, 2)}\n`)
  else await removePath(path)
}

/** Caddy reads these files when it loads a configuration, so they are written before. */
export const writeRoots = async (folder: string, apps: ConfiguredApp[]) => {
  const roots = new Set(apps.flatMap(({ settings: { acmeRoot } }) => acmeRoot ?? []))
  for (const root of roots) await writeIfNew(edgePaths(folder).acmeRoot(root), root)
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
