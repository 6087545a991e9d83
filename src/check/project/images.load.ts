import { join, relative } from 'node:path'
import type { ComposeProject } from '../../compose/model.ts'
import { absolute, namesIn } from '../../io/host/files/durable.ts'
import { readOwnedText } from '../../io/host/files/owned.ts'
import { finalStage, parseStages } from '../reading/dockerfile.ts'
import type { BuiltImage } from '../model.ts'

/** Every Dockerfile that a Compose project builds from; those that do not exist are left out. */
export const loadImages = async (
  folder: string,
  compose: ComposeProject,
): Promise<BuiltImage[]> => {
  const builds = new Map<string, { services: string[]; build: Build }>()
  for (const [name, { build }] of Object.entries(compose.services)) {
    if (!build || build.dockerfile_inline || /^[a-z][\w+.-]*:\/\//.test(build.context)) continue
    const key = JSON.stringify([build.context, build.dockerfile, build.target])
    const before = builds.get(key)
    if (before) before.services.push(name)
    else builds.set(key, { services: [name], build })
  }
  const images = await Promise.all(
    [...builds.values()].map(({ services, build }) => loadImage(folder, services, build)),
  )
  return images.filter((image) => image !== null)
}

type Build = NonNullable<ComposeProject['services'][string]['build']>

const loadImage = async (
  folder: string,
  services: string[],
  build: Build,
): Promise<BuiltImage | null> => {
  const path = join(build.context, build.dockerfile ?? 'Dockerfile')
  const [text, own, general, contextNames] = await Promise.all([
    readOwnedText(path),
    readOwnedText(`${path}.dockerignore`),
    readOwnedText(join(build.context, '.dockerignore')),
    namesIn(build.context),
  ])
  if (text === null) return null
  const stages = parseStages(text)
  return {
    services,
    file: shown(folder, path),
    text,
    stages,
    final: finalStage(stages, build.target ?? null),
    context: shown(folder, build.context),
    ignore: own ?? general,
    contextNames,
    certificates: await certificatesOf(build.context, contextNames),
  }
}

/** PEM files that hold certificates and no key: what everybody is shown who connects. */
const certificatesOf = async (context: string, names: string[]): Promise<string[]> => {
  const pems = names.filter((name) => name.endsWith('.pem'))
  const texts = await Promise.all(pems.map((name) => readOwnedText(join(context, name))))
  return pems.filter((_name, index) => {
    const text = texts[index] ?? ''
    return text.includes('-----BEGIN CERTIFICATE-----') && !text.includes('PRIVATE KEY')
  })
}

/** A path as the user would write it. */
const shown = (folder: string, path: string) => relative(absolute(folder), path) || '.'
