import type { ProblemData } from '../problem/problem.ts'
import { at } from '../compose/merged.ts'
import type { ComposeProject } from '../compose/model.ts'
import type { Located } from '../config/places.ts'

/** Bind mounts of the project's own folder: those files are on the laptop, not on the server. */
export const localBinds = (
  compose: ComposeProject,
  folder: string,
  files: Located[],
): ProblemData[] =>
  Object.entries(compose.services).flatMap(([name, { volumes }]) =>
    (volumes ?? [])
      .filter(({ type }) => type === 'bind')
      .filter(({ source }) => source === folder || source?.startsWith(`${folder}/`))
      .map((mount): ProblemData => ({
        code: 'compose/local-bind',
        summary: 'A service mounts a folder of this machine.',
        detail: `Service "${name}" mounts ${mount.source} at ${mount.target}; the server does not have it.`,
        fix: [
          `Copy it into the image: COPY … ${mount.target}`,
          'Or use a named volume; keep the bind in a Compose file for development only.',
        ],
      }))
      .map((problem) => at(files, ['services', name, 'volumes'], problem)),
  )
