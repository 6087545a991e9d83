import type { Located } from '../config/places.ts'
import type { ProblemData } from '../problem/problem.ts'
import { judgeFile, optionalServices, refusal } from './check.ts'
import type { ComposeProject, ComposeService } from './model.ts'
import { shortTmpfs } from './tmpfs.ts'
import { secretMode } from './translate.ts'

/**
 * What only shows once files are merged: keys that came by `extends` or `include`, and values of
 * honoured keys that cannot be had. `files` are the user's own, for saying where something stands.
 */
export const mergedProblems = (compose: ComposeProject, files: Located[]): ProblemData[] => [
  ...hiddenKeys(compose, files),
  ...Object.entries(compose.services).flatMap(([name, service]) =>
    impossible(name, service, compose).map(([path, why]) => at(files, path, refusal(path, why))),
  ),
]

/** A problem with the place of its path, or of the nearest part around it that a file has. */
export const at = (files: Located[], path: string[], problem: ProblemData): ProblemData => {
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length)
    const file = files.find((each) => each.has(part))
    if (file) return { ...problem, place: file.placeOf(part) }
  }
  return problem
}

/** Keys that no file of the user's own has; those were judged, with their places, before. */
const hiddenKeys = (compose: ComposeProject, files: Located[]): ProblemData[] => {
  const optional = optionalServices(files)
  const problems: ProblemData[] = []
  judgeFile(compose, (path, fate) => {
    if (fate?.fate !== 'refused') return
    const problem = refusal(path, fate.why)
    // Services with a profile were not judged before, so that their place is still to be told.
    const isNew = path[0] === 'services' && optional.has(path[1] ?? '')
    problems.push(isNew ? at(files, path, problem) : problem)
  })
  return problems
}

type Impossible = [path: string[], why: string]

const impossible = (name: string, service: ComposeService, compose: ComposeProject) => {
  const path = ['services', name]
  const found: Impossible[] = []
  const { deploy } = service
  if (deploy?.mode !== undefined && deploy.mode !== 'replicated')
    found.push([[...path, 'deploy', 'mode'], `only "replicated" is carried, not "${deploy.mode}"`])
  if (service.entrypoint?.length === 0)
    found.push([[...path, 'entrypoint'], 'Swarm would use the image’s own instead of none'])
  if (service.command?.length === 0)
    found.push([[...path, 'command'], 'Swarm would use the image’s own instead of none'])
  for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
    if (condition === 'service_completed_successfully' && Object.hasOwn(compose.services, other))
      found.push([
        [...path, 'depends_on', other, 'condition'],
        'a service that ends counts as crashed; work before a release is `release.migrate` in zarpe.yml',
      ])
  }
  for (const [index, { type }] of (service.volumes ?? []).entries())
    if (!['volume', 'bind', 'tmpfs'].includes(type))
      found.push([
        [...path, 'volumes', String(index)],
        `mounts of the type "${type}" are not carried`,
      ])
  for (const [index, text] of (service.tmpfs ?? []).entries()) {
    const { lost } = shortTmpfs(text)
    if (lost.length > 0)
      found.push([
        [...path, 'tmpfs', String(index)],
        `a service’s mount in memory has no \`${lost.join('`, `')}\`; it has \`size\` in bytes, k, m or g, \`mode\`, \`rw\` and \`ro\``,
      ])
  }
  for (const [index, { source, mode }] of (service.secrets ?? []).entries()) {
    const where = [...path, 'secrets', String(index)]
    if (!compose.secrets?.[source]) found.push([where, `there is no secret "${source}"`])
    // Nothing can be written there; such rights are decimal digits that were meant to be octal.
    if ((secretMode(mode) & ~0o444) !== 0)
      found.push([[...where, 'mode'], 'a secret can only be read: write 0400, 0440 or 0444'])
  }
  return found
}
