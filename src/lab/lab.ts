import { rmSync } from 'node:fs'
import { forgetMachine } from '../io/ssh/machines.ts'
import { ensureAcme } from './acme.ts'
import { docker, dockerLines, dockerOk } from './docker.ts'
import { ensureEngine, isEngineRunning, stopEngine } from './engine.ts'
import { labHome, labLabel, type Report } from './home.ts'
import { labTags } from './images/images.ts'
import { recipeOf } from './images/recipe.ts'
import { sshConfigFile, writeSshConfig } from './keys.ts'
import { withLock } from './lock.ts'
import { ensureMirror } from './mirror.ts'
import { ensureTools, removeTools } from './tools.ts'
import { list } from './vps.ts'
import { forgetKept, keptServers } from './vps-copy.ts'

/** Makes everything ready that servers of the lab build on. A second call changes nothing. */
export const labUp = async (report: Report): Promise<void> => {
  await ensureEngine(report)
  await ensureTools(report)
  await ensureMirror(report)
  await ensureAcme(report)
}

export type LabDownOptions = {
  /** Also the images, the lab's folder, and the engine and plugins if the lab brought them. */
  all?: boolean
}

/**
 * Removes the lab's servers, networks and volumes. It goes by the lab's label and touches nothing
 * else; packages that were installed stay.
 */
export const labDown = async (options: LabDownOptions, report: Report): Promise<void> => {
  await withLock('lab', async () => {
    if (await isEngineRunning()) {
      await removeLabelled(report)
      if (options.all) await removeImages(report)
    }
    if (!options.all) return withLock('keys', async () => writeSshConfig([]))
    removeTools()
    await stopEngine(report)
    rmSync(labHome(), { recursive: true, force: true })
  })
}

const removeLabelled = async (report: Report) => {
  const filter = ['--quiet', '--filter', `label=${labLabel}=1`]
  const containers = await dockerLines(['ps', '--all', ...filter])
  for (const { name } of await list()) await forgetMachine(name, sshConfigFile())
  report(`removing ${containers.length} containers of the lab`)
  if (containers.length > 0) await dockerOk(['rm', '--force', '--volumes', ...containers])
  const networks = await dockerLines(['network', 'ls', ...filter])
  if (networks.length > 0) await dockerOk(['network', 'rm', ...networks])
  const volumes = await dockerLines(['volume', 'ls', ...filter])
  if (volumes.length > 0) await dockerOk(['volume', 'rm', ...volumes])
}

/** Takes the lab's names off its images; what somebody built upon one of them keeps its layers. */
const removeImages = async (report: Report) => {
  report('removing the images of the lab')
  for (const kept of await keptServers()) await forgetKept(kept)
  for (const tag of labTags) {
    if (await recipeOf(tag)) await docker(['rmi', tag])
  }
}
