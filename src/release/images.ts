import type { App } from '../app/model.ts'
import { type ProblemData, Problems } from '../problem/problem.ts'
import type { Resolved } from './methods.ts'
import type { ReleasedImage } from './model.ts'

/** One image for each service, or a problem for each name that stands for nothing. */
export const imagesFor = (
  app: App,
  built: Record<string, ReleasedImage>,
  resolved: Record<string, Resolved>,
): Record<string, ReleasedImage> => {
  const problems: ProblemData[] = []
  const images: Record<string, ReleasedImage> = {}
  for (const service of app.services) {
    if (service.image.from === 'build') {
      images[service.name] = built[service.name]!
      continue
    }
    const found = resolved[service.image.reference]!
    if ('problem' in found)
      problems.push(notFound(service.name, service.image.reference, found.problem))
    else images[service.name] = found
  }
  if (problems.length > 0) throw new Problems(problems)
  return images
}

const notFound = (service: string, reference: string, reason: string): ProblemData => ({
  code: 'image/not-found',
  summary: 'An image of the Compose file does not exist; nothing was changed.',
  detail: `Service "${service}" wants ${reference}: ${reason}.`,
  fix: ['Correct the name and tag in the Compose file.', `docker manifest inspect ${reference}`],
})
