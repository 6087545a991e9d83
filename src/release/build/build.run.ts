import type { App } from '../../app/model.ts'
import type { ReleasedImage } from '../model.ts'
import { atOnce } from './at-once.ts'
import type { Builder } from './builder.ts'
import { buildImage } from './image.run.ts'
import { buildsOf } from './same-builds.ts'

/** Builds what the app builds, several contexts at once. The first that fails ends the others. */
export const buildImages = async (
  app: App,
  builder: Builder,
  onLine: (service: string, line: string) => void,
): Promise<Record<string, ReleasedImage>> => {
  const failed = new AbortController()
  const own = { ...builder, signal: AbortSignal.any([builder.signal, failed.signal]) }
  const images = await atOnce(buildsOf(app.services), builder.atOnce, async (builds) => {
    try {
      const built: Record<string, ReleasedImage> = {}
      for (const same of builds) Object.assign(built, await buildImage(app, same, own, onLine))
      return built
    } catch (error) {
      failed.abort()
      throw error
    }
  })
  return Object.assign({}, ...images) as Record<string, ReleasedImage>
}
