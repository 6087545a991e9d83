import { baseOf } from '../reading/dockerfile.ts'
import type { BuiltImage } from '../model.ts'
import { composePlace } from '../reading/places.ts'
import type { Finding, Rule } from '../rule.ts'

export const mutableTag: Rule = {
  id: 'mutable-tag',
  severity: 'warning',
  title: 'An image is named by a tag that moves.',
  why: 'The next deploy may bring another version than the one you tried, without a line of yours having changed.',
  fix: ['Name a version: postgres:17.2, node:24-slim'],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  cache:
    image: redis:latest
  mail:
    image: registry.example:5000/mail
`,
      Dockerfile: `FROM node:lts
USER node
CMD ["node", "server.mjs"]
`,
    },
    at: ['compose.yml:5:12', 'compose.yml:7:12', 'Dockerfile:1:1'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  cache:
    image: redis:8.2-alpine
  mail:
    image: registry.example:5000/mail@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
`,
      Dockerfile: `ARG NODE=24
FROM node:\${NODE}-slim AS base
FROM base
USER node
CMD ["node", "server.mjs"]
`,
    },
  },
  find: (project) => [
    ...Object.entries(project.compose?.services ?? {}).flatMap(([name, { image, build }]) => {
      if (build || !image || !moves(image)) return []
      const place = composePlace(project, ['services', name, 'image'], 'value')
      return [{ place, detail: `Service "${name}" runs ${image}${wordsFor(image)}.` }]
    }),
    ...project.images.flatMap(inImage),
  ],
}

const inImage = ({ file, stages }: BuiltImage): Finding[] =>
  stages
    .filter((stage) => stage.parent === null && moves(baseOf(stage)))
    .map(({ from, line, column }) => ({
      place: { file, line, column },
      detail: `The image starts from ${from}${wordsFor(from)}.`,
    }))

const tagOf = (image: string) => /:([^:/]*)$/.exec(image.split('/').at(-1) ?? '')?.[1]

/** No tag at all means `latest`; a tag without any digit names a line of development, no version. */
const moves = (image: string): boolean => {
  if (image === 'scratch' || image.includes('@sha256:') || /[$]/.test(image)) return false
  const tag = tagOf(image)
  return (
    tag === undefined || !/\d|stretch|buster|bullseye|bookworm|trixie|focal|jammy|noble/.test(tag)
  )
}

const wordsFor = (image: string) =>
  tagOf(image) === undefined ? ', which means its tag `latest`' : ''
