import type { Engine } from '../../io/engine/engine.ts'
import { builtPatterns, isBuiltFor } from '../names.ts'

/** Which of these images the server has. */
export const presence = async (engine: Engine, references: string[]) => {
  const unique = [...new Set(references)]
  const found = await Promise.all(unique.map((reference) => engine.images.find(reference)))
  return Object.fromEntries(unique.map((reference, index) => [reference, found[index] !== null]))
}

/** Those on the server that were built for a project, also of a run that died before its record. */
export const builtImages = async (engine: Engine, project: string) => {
  const found = await engine.images.list({ reference: builtPatterns(project) })
  return found
    .flatMap((image) => image.RepoDigests ?? [])
    .filter((reference) => isBuiltFor(project, reference))
}
