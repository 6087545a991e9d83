import { relative } from 'node:path'
import type { App } from '../app/model.ts'
import { isKeptOut } from '../compose/dockerignore.ts'
import { absolute, statOf, within } from '../io/host/files/durable.ts'
import { readOwnedText } from '../io/host/files/owned.ts'

/**
 * Notes on files of secrets that a build could copy into an image, where everybody who can pull it
 * finds them: a `COPY . .` takes all that `.dockerignore` does not keep out.
 */
export const buildNotes = async (
  app: Pick<App, 'services'>,
  folder: string,
  files: string[],
): Promise<string[]> => {
  const notes: string[] = []
  for (const { name, image } of app.services) {
    if (image.from !== 'build' || /^\w+:\/\/|^git@/.test(image.build.context)) continue
    const context = absolute(within(folder, image.build.context))
    const dockerfile = within(context, image.build.dockerfile ?? 'Dockerfile')
    // A file of that name beside the Dockerfile counts instead, as in docker.
    const patterns =
      (await readOwnedText(`${dockerfile}.dockerignore`)) ??
      (await readOwnedText(within(context, '.dockerignore')))
    for (const file of files) {
      const path = relative(context, absolute(within(folder, file)))
      if (path.startsWith('..') || (await statOf(within(context, path))) === null) continue
      if (!isKeptOut(patterns, path))
        notes.push(
          `the build of ${name} can copy ${path} into its image; add to .dockerignore: ${path}`,
        )
    }
  }
  return notes
}
