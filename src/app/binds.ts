import type { ProblemData } from '../problem/problem.ts'
import { at } from '../compose/merged.ts'
import type { Located } from '../config/places.ts'
import type { App } from './model.ts'

/** Bind mounts of the project's own folder: those files are on the laptop, not on the server. */
export const localBinds = (app: App, folder: string, files: Located[]): ProblemData[] =>
  app.services.flatMap((service) =>
    service.container.mounts
      .filter((mount) => mount.Type === 'bind')
      .filter((mount) => mount.Source === folder || mount.Source?.startsWith(`${folder}/`))
      .map((mount): ProblemData => ({
        code: 'compose/local-bind',
        summary: 'A service mounts a folder of this machine.',
        detail: `Service "${service.name}" mounts ${mount.Source} at ${mount.Target}; the server does not have it.`,
        fix: [
          `Copy it into the image: COPY … ${mount.Target}`,
          'Or use a named volume; keep the bind in a Compose file for development only.',
        ],
      }))
      .map((problem) => at(files, ['services', service.name, 'volumes'], problem)),
  )
